import { conflictOf } from '../db/failure.ts'
import { Problem } from '../shared/problem.ts'

/** Says no more than it must: whether there is an article or was one is not everybody's to know. */
export const usedId = () => new Problem('already-exists', 'This id has been used for an article. Choose another one.')

/** Translates the refusals of the unique indexes. */
export async function explained<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    const conflict = conflictOf(error)
    if (conflict === 'articles_external_id_key') {
      const detail = 'Another article has this externalId.'
      throw new Problem('already-exists', detail, { errors: [{ pointer: '#/externalId', code: 'taken', detail }] })
    }
    if (conflict === 'articles_pkey') throw usedId()
    throw error
  }
}
