import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'
import type { Caller } from '../access/schema.ts'
import type { Db } from '../db/database.ts'
import { checked } from '../shared/validation.ts'
import { AuthorReplace, SectionReplace, TagReplace, type TermReplace } from '../taxonomy/schema.ts'
import { type ChangedTerm, subjectOf, type TaxonomyService } from '../taxonomy/service.ts'
import type { TermRecord } from './formats/format.ts'
import type { Reported } from './schema.ts'

// What a section, a tag or an author of an archive becomes: defined as there, unless the desk here has defined it already.

const schemas: Record<TermRecord['term'], z.ZodType<TermReplace>> = {
  section: SectionReplace,
  tag: TagReplace,
  author: AuthorReplace,
}

type Became = Pick<Reported, 'result' | 'why' | 'warnings'>

/** Takes a term as part of the caller's transaction; `note` tells of it. Throws a Problem where it cannot be what it says. */
export async function termIn(
  tx: Db,
  caller: Caller,
  taxonomy: TaxonomyService,
  record: TermRecord,
  { isDryRun, note }: { isDryRun: boolean; note: (written: ReturnType<typeof subjectOf>) => Promise<void> },
): Promise<Became> {
  const { term: kind, slug } = record
  const warnings = [...record.warnings]
  const fields = fitting(record, warnings)
  const { parent } = fields
  // In a dry run what would have been made before is not there.
  if (isDryRun && parent != null && !(await taxonomy.lookForIn(tx, 'section', parent))?.isDefined) delete fields.parent
  const found = await taxonomy.lookForIn(tx, kind, slug)
  if (found?.isDefined) {
    const present = await taxonomy.fieldsIn(tx, found)
    if (isDeepStrictEqual(present, fields)) return { result: 'unchanged', warnings }
    return {
      result: 'conflict',
      why: `There is a ${kind} "${slug}" that says something else. It stays as it is.`,
      warnings,
    }
  }
  const written: ChangedTerm = found
    ? await taxonomy.replaceIn(tx, caller, kind, slug, 'any', fields)
    : await taxonomy.createIn(tx, caller, kind, slug, fields)
  await note(subjectOf(written))
  return { result: 'created', warnings }
}

/** The fields without those that cannot be taken, which are told. */
function fitting({ term, fields }: TermRecord, warnings: string[]): TermReplace {
  const kept: Record<string, unknown> = { ...fields }
  for (;;) {
    const { error } = schemas[term].safeParse(kept)
    const name = String(error?.issues[0]?.path[0] ?? '')
    if (error === undefined || name === 'name' || !(name in kept)) return checked(schemas[term], kept)
    warnings.push(`${name} could not be kept: ${JSON.stringify(kept[name])}.`)
    delete kept[name]
  }
}
