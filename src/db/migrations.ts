import { fileURLToPath } from 'node:url'

/** The reviewed SQL files of one engine, `migrations/{sqlite,postgres}`. */
export const migrationsFolder = (engine: 'sqlite' | 'postgres'): string =>
  fileURLToPath(new URL(`../../migrations/${engine}`, import.meta.url))
