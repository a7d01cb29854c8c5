/** Below SQLite's limit of 32,766 parameters in a statement, also where each value takes some of them. */
const AT_ONCE = 4_000

/** What is read for these values, each once: in one statement, unless there are more than one can take. */
export async function readFor<Value, Row>(
  values: Value[],
  read: (some: Value[]) => PromiseLike<Row[]>,
): Promise<Row[]> {
  const distinct = [...new Set(values)]
  const rows: Row[] = []
  for (let from = 0; from < distinct.length; from += AT_ONCE) {
    rows.push(...(await read(distinct.slice(from, from + AT_ONCE))))
  }
  return rows
}
