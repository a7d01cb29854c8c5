import { Problem } from './problem.ts'

/** The versions that a caller allows to be changed (If-Match), or 'any' for whichever stands. */
export type Versions = number[] | 'any'

/** What is known of the version that stands. */
interface Versioned {
  version: number
  updatedAt: string
  updatedById: string
  updatedByName: string
}

export const isCurrent = ({ version }: Pick<Versioned, 'version'>, versions: Versions): boolean =>
  versions === 'any' || versions.includes(version)

/**
 * The 412 that tells an editor what stands now, who wrote it and, where the version that was seen is known, which fields
 * have changed since.
 */
export const versionMismatch = (
  { version, updatedAt, updatedById, updatedByName }: Versioned,
  changed?: string[],
): Problem => {
  const isWritten = version > 0
  const by = isWritten ? `, written by ${updatedByName}` : ': nobody has written it yet'
  return new Problem('version-mismatch', `It is at version ${version} now${by}. Read it again, then try again.`, {
    headers: { etag: `"${version}"` },
    members: {
      currentVersion: version,
      updatedAt,
      updatedBy: isWritten ? { id: updatedById, name: updatedByName } : null,
      ...(changed && { changed }),
    },
  })
}
