/**
 * Reads rows that nobody may change before the transaction ends, while others may read them so as well. On SQLite one
 * transaction writes at a time anyway.
 */
export const sharing = <Query extends object>(query: Query): Query =>
  'for' in query ? (query as Query & { for: (strength: 'share') => Query }).for('share') : query
