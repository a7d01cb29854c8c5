import type { AccessService } from '../access/service.ts'
import type { ArchiveImporter } from './importer.ts'
import { importJobs } from './jobs.ts'
import type { Dependencies } from './taking.ts'
import { folderOf, uploadFolder } from './uploads.ts'

/** The import of archives: at once, by the command line, and as jobs of the API, whose files wait in `folder`. */
export function archiveImports(
  { access, ...dependencies }: Dependencies & { access: AccessService; languageDefault: string },
  { folder, databaseUrl, bytesMax }: { folder: string; databaseUrl: string; bytesMax: number },
) {
  const imports: ArchiveImporter = {
    // Loaded with the first import, as most processes never do one.
    async *import(...given) {
      const { archiveImporter } = await import('./importer.ts')
      yield* archiveImporter(dependencies).import(...given)
    },
  }
  const { db, clock, ids, audit } = dependencies
  const jobs = importJobs({
    db,
    clock,
    ids,
    audit,
    access,
    imports,
    uploads: uploadFolder(folderOf(folder, databaseUrl), bytesMax),
  })
  return { imports, jobs }
}
