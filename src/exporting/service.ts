import type { Database, Db } from '../db/database.ts'
import { toNinjs } from '../delivery/formats/ninjs.ts'
import type { Article } from '../delivery/schema.ts'
import type { DeliveryService } from '../delivery/service.ts'
import type { PublishingService } from '../publishing/service.ts'
import type { Clock } from '../shared/clock.ts'
import { FORMAT, FORMAT_VERSION, type PartName, parts } from './parts.ts'
import type { Document, ExportedTerm } from './schema.ts'
import { ArchiveFault, sealed, unsealed } from './sealed.ts'
import { exportingStore } from './store.ts'

// Owns archives of a whole installation. Promises that an archive is of one instant, that it holds all that was ever written and
// all that readers get, and that put into an empty installation it is that installation again: the same ids, versions, times and answers.

interface Dependencies {
  db: Database
  clock: Clock
  /** Of the program, for the header. */
  version: string
  /** What readers get of an edition, with its bodies. */
  present: DeliveryService['presentOn']
  publishing: PublishingService
}

export interface ExportOptions {
  /** With the record of who did what. */
  withAudit: boolean
}

export type ExportingService = ReturnType<typeof exportingService>

type WordsEntry = Parameters<PublishingService['putWordsIn']>[1][number]
/** How many entries of the index of words are made at a time. */
const WORDS_AT_ONCE = 100

/** What must not be there where an archive is put in. */
const MUST_BE_EMPTY: PartName[] = ['articles', 'headlineLists', 'fronts', 'releases', 'terms', 'events', 'tombstones']

export function exportingService({ db, clock, version, present, publishing }: Dependencies) {
  const { tables } = db

  async function* records(read: Db, { withAudit }: ExportOptions): AsyncGenerator<Record<string, unknown>> {
    const store = exportingStore(read, tables)
    const of = { format: FORMAT, version: FORMAT_VERSION, schema: store.schemaDigest(), program: version }
    yield { kind: 'archive', ...of, at: clock.now() }
    for (const [name] of parts) {
      if (name === 'audit' && !withAudit) continue
      for await (const row of store.rows(name)) yield { kind: name, row }
    }
  }

  /** Throws ArchiveFault for what is no archive that this program can read. */
  function requireHeader(record: Record<string, unknown> | undefined): void {
    if (record?.kind !== 'archive' || record.format !== FORMAT)
      throw new ArchiveFault('it is no archive of Dateline', 1)
    const isOurs = record.version === FORMAT_VERSION && record.schema === exportingStore(db.read, tables).schemaDigest()
    if (isOurs) return
    const what = record.version === FORMAT_VERSION ? 'with other tables' : `of version ${String(record.version)}`
    const how = `load it with the program that wrote it (${String(record.program)}), bring that database up to date, and export again`
    throw new ArchiveFault(`it is an archive ${what}, and this program reads version ${FORMAT_VERSION}: ${how}`, 1)
  }

  return {
    /** Gives `write` what each article says, all at one instant. Answers what its sections and tags say of themselves. */
    documents: (write: (document: Document, at: string) => Promise<void> | void): Promise<ExportedTerm[]> =>
      db.instant(async (read) => {
        const at = clock.now()
        const store = exportingStore(read, tables)
        for await (const document of store.documents(at)) await write(document, at)
        return store.terms()
      }),

    /** Gives `write` each article that readers have, as an item of ninjs 3.1: a line of JSON. */
    ninjs: (write: (line: string) => Promise<void> | void): Promise<void> =>
      db.instant(async (read) => {
        for await (const row of exportingStore(read, tables).visible(clock.now())) {
          const json = await present(read, row)
          await write(`${toNinjs(JSON.parse(json({ html: row.html, text: row.text })) as Article)}\n`)
        }
      }),

    /**
     * Gives `write` the lines of an archive, one after another, all of one instant; each is waited for. What `write` throws ends
     * it. Others write meanwhile.
     */
    archive: (write: (line: string) => Promise<void> | void, options: ExportOptions): Promise<void> =>
      db.instant(async (read) => {
        for await (const line of sealed(records(read, options))) await write(line)
      }),

    /**
     * Puts an archive into an installation that is empty: all of it or nothing. `open` gives its bytes, twice: whether it is whole
     * is known before the first row is written. Throws ArchiveFault. Answers how many records there were.
     */
    async load(open: () => AsyncIterable<Uint8Array>, onRecord: () => void = () => {}): Promise<number> {
      let many = 0
      for await (const record of unsealed(open())) if (many++ === 0) requireHeader(record)
      if (many === 0) throw new ArchiveFault('it is empty')
      const names = new Set<string>(parts.map(([name]) => name))
      return db.write(async (tx) => {
        const store = exportingStore(tx, tables)
        for (const name of MUST_BE_EMPTY) {
          if (!(await store.isEmpty(name)))
            throw new ArchiveFault('the installation is not empty: give it a new database')
        }
        await store.clear('taxonomy')
        let done = 0
        let words: WordsEntry[] = []
        const putWords = async () => {
          await publishing.putWordsIn(tx, words)
          words = []
        }
        for await (const { kind, row } of unsealed(open())) {
          if (done++ > 0) {
            if (!names.has(String(kind)) || typeof row !== 'object' || row === null)
              throw new ArchiveFault(`it has a record of an unknown kind, "${String(kind)}"`, done)
            const fault = store.columnFault(kind as PartName, row as Record<string, unknown>)
            if (fault !== undefined) throw new ArchiveFault(`it has a row of ${String(kind)} with ${fault}`, done)
            if (kind === 'editionWords') words.push(row as unknown as WordsEntry)
            else await store.insert(kind as PartName, row as Record<string, unknown>)
          }
          if (words.length >= WORDS_AT_ONCE) await putWords()
          onRecord()
        }
        await putWords()
        return done
      })
    },
  }
}
