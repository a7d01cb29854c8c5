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

/** Throws 412 unless the version that stands is one that the caller has seen. */
export function requireCurrent(current: Versioned, versions: Versions): void {
  if (versions !== 'any' && !versions.includes(current.version)) throw versionMismatch(current)
}

/** The 412 that tells an editor what stands now and who wrote it. */
export const versionMismatch = ({ version, updatedAt, updatedById, updatedByName }: Versioned): Problem =>
  new Problem(
    'version-mismatch',
    `It is at version ${version} now, written by ${updatedByName}. Read it again, then try again.`,
    {
      headers: { etag: `"${version}"` },
      members: { currentVersion: version, updatedAt, updatedBy: { id: updatedById, name: updatedByName } },
    },
  )
