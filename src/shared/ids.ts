import { V7Generator } from 'uuidv7'

/** Makes ids: UUIDv7 (RFC 9562), so they sort by the time they were made. */
export type Ids = () => string

export const newId: Ids = () => generator.generate().toString()

/** Random numbers are asked for many at a time: each request has an id. */
const random = new Uint32Array(256)
let used = random.length
const generator = new V7Generator({
  nextUint32() {
    if (used === random.length) {
      crypto.getRandomValues(random)
      used = 0
    }
    return random[used++] ?? 0
  },
})
