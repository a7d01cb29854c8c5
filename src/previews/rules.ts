/** The columns that say whether a preview is open. */
interface Standing {
  expiresAt: string
  revokedAt: string | null
}

export const isOpen = ({ expiresAt, revokedAt }: Standing, now: string): boolean =>
  revokedAt === null && now < expiresAt

/** An instant so many milliseconds after another; before it, for less than none. */
export const after = (now: string, ms: number): string => new Date(Date.parse(now) + ms).toISOString()
