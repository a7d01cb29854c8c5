/** The columns that say whether a preview is open. */
interface Standing {
  expiresAt: string
  revokedAt: string | null
}

export const isOpen = ({ expiresAt, revokedAt }: Standing, now: string): boolean =>
  revokedAt === null && now < expiresAt
