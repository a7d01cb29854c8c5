/** How many times as often the heavy rounds run: more than once in a long run. The timeout of each test grows with it. */
export const rounds = Number(process.env.DATELINE_TEST_ROUNDS ?? 1)

/** Runs of a property: a modest number, and more in a long run. */
export const runs = (count: number): { numRuns: number } => ({ numRuns: count * rounds })
