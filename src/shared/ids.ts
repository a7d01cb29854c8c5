import { uuidv7 } from 'uuidv7'

/** Makes ids: UUIDv7 (RFC 9562), so they sort by the time they were made. */
export type Ids = () => string

export const newId: Ids = uuidv7
