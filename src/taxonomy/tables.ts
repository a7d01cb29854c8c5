import type { Columns } from '../db/columns.postgres.ts'
import type { TermDetails, TermName } from './schema.ts'

export const taxonomyTables = (c: Columns) => ({
  /**
   * Sections, tags and authors. `key` is the slug under which one was first met: it never changes, and is what editions
   * are found by, so that a new slug or name touches none of them. One that articles have brought is not defined yet.
   */
  terms: c.table(
    'terms',
    {
      kind: c.text('kind').$type<TermName>().notNull(),
      key: c.text('key').notNull(),
      slug: c.text('slug').notNull(),
      name: c.text('name').notNull(),
      /** The key of the section that it is in. */
      parentKey: c.text('parent_key'),
      details: c.json('details').$type<TermDetails>().notNull(),
      isDefined: c.boolean('is_defined').notNull(),
      /** 0 where articles have brought it and nobody has written it. */
      version: c.integer('version').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      updatedById: c.text('updated_by_id').notNull(),
      updatedByName: c.text('updated_by_name').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.kind, t.key] }),
      c.uniqueIndex('terms_kind_slug_key').on(t.kind, t.slug),
      c.index('terms_kind_parent_key_idx').on(t.kind, t.parentKey),
    ],
  ),
  /** Every slug that a term has or had. */
  termSlugs: c.table(
    'term_slugs',
    {
      kind: c.text('kind').$type<TermName>().notNull(),
      slug: c.text('slug').notNull(),
      key: c.text('key').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.kind, t.slug] }), c.index('term_slugs_kind_key_idx').on(t.kind, t.key)],
  ),
  /** One row: its number grows with each write of a term, so that readers know when to read them again. */
  taxonomy: c.table('taxonomy', {
    id: c.integer('id').primaryKey(),
    version: c.integer('version').notNull(),
  }),
})
