import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ArchiveFault, sealed, unsealed } from '../../src/exporting/sealed.ts'
import { runs } from '../support/rounds.ts'

const record = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
  .map((members): Record<string, unknown> => JSON.parse(JSON.stringify({ ...members, kind: 'article' })))
const records = fc.array(record, { maxLength: 6 })

async function written(of: Record<string, unknown>[]): Promise<Buffer> {
  return Buffer.from((await Array.fromAsync(sealed(of))).join(''))
}

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = (bytes: Buffer, size = 7) => Array.fromAsync(unsealed(pieces(bytes, size)))

it('gives back every record as it was, in whatever pieces the file comes', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 50 }), async (all, size) => {
      expect(await read(await written(all), size)).toEqual(all)
    }),
    runs(100),
  )
})

it('recognises a file that was cut, wherever', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.nat(), async (all, at) => {
      const whole = await written(all)
      await expect(read(whole.subarray(0, at % whole.length))).rejects.toThrow(ArchiveFault)
    }),
    runs(100),
  )
})

it('recognises a file in which one bit is another', async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.nat(), fc.integer({ min: 0, max: 7 }), async (all, at, bit) => {
      const changed = await written(all)
      const place = at % changed.length
      changed[place] = (changed[place] ?? 0) ^ (1 << bit)
      await expect(read(changed)).rejects.toThrow(ArchiveFault)
    }),
    runs(100),
  )
})

it('recognises two archives in one file', async () => {
  const one = await written([{ kind: 'article' }])
  await expect(read(Buffer.concat([one, one]))).rejects.toThrow('something comes after its last line')
})
