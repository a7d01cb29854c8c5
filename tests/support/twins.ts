import type { Response } from 'supertest'
import { expect } from 'vitest'
import { startApp, type TestApp } from './app.ts'
import type { Desk } from './builders.ts'

/** One of two installations, with the keys that both have. */
export interface Twin {
  app: TestApp
  desk: Desk
  partner: Desk
  contributor: Desk
}

export type Twins = Awaited<ReturnType<typeof startTwins>>

/** All of an answer but the time and the id of the request. */
export function whole({ status, headers, text }: Response) {
  const { date: _date, 'x-request-id': id, ...rest } = headers
  return { status, headers: rest, text: text?.replaceAll(String(id), 'ID') }
}

/**
 * Two installations that are told the same at the same instants with the same ids, so that whatever differs between
 * them comes of what only the other one was told.
 */
export async function startTwins(settings: Record<string, string> = {}) {
  let ms = Date.parse('2026-11-22T12:00:00.000Z')
  let made = { by: 0, epoch: 0, count: 0 }
  const pass = (by: number) => {
    ms += by
  }
  const clock = { now: () => new Date(ms).toISOString(), pass }
  const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
  // Both make the same ids within one write; those of the other one alone are never the same.
  const ids = () => `019b0f61-0000-7${hex(made.by, 3)}-8000-${hex(made.epoch, 6)}${hex(made.count++, 6)}`
  const begin = (by: number) => {
    made = { by, epoch: made.epoch + 1, count: 0 }
  }
  const start = async (): Promise<Twin> => {
    made.count = 0
    // With the cut on, a header tells that something changes within the minute: that is what the setting is for.
    const app = await startApp({ clock, ids, settings: { CACHE_CUT: 'off', ...settings } })
    const [desk, partner] = [await app.withRole('admin', 'The desk'), await app.withRole('partner')]
    return { app, desk, partner, contributor: await app.withRole('contributor') }
  }
  const [plain, other] = [await start(), await start()]

  /** The same request to both, whose answers must be the same. */
  async function ask(name: string, request: (twin: Twin) => PromiseLike<Response>): Promise<Response> {
    begin(3)
    const answer = await request(plain)
    made.count = 0
    expect(whole(await request(other)), name).toEqual(whole(answer))
    return answer
  }

  return {
    plain,
    other,
    ask,
    now: clock.now,
    /** An id that nothing has. */
    newId: (): string => {
      begin(2)
      return ids()
    },

    /** A write on both, in a second of its own. */
    async onBoth(name: string, write: (twin: Twin) => PromiseLike<Response>): Promise<void> {
      ms = (Math.floor(ms / 1000) + 1) * 1000
      begin(0)
      expect((await write(plain)).status, name).toBeLessThan(300)
      made.count = 0
      const answer = await write(other)
      expect(answer.status, `${name}: ${answer.text}`).toBeLessThan(300)
    },

    /** A write on the other one alone, a moment after the last one. */
    async onOther<T>(write: (twin: Twin) => PromiseLike<T>): Promise<T> {
      ms += 7
      begin(1)
      return write(other)
    },
  }
}
