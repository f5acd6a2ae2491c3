import { describe, expect, test } from 'vitest'
import type { DebugEntry } from '../../src/client/index.ts'
import { expectNoSecret } from './expect-no-secret.ts'
import { createFakePage } from './fake-page-platform.ts'
import { endpoint, start } from './start-client.ts'

describe('debug', () => {
  test('tells what happens, in the words of the report, and nothing secret', async () => {
    const entries: DebugEntry[] = []
    const page = createFakePage()
    const { push } = start(page, { debug: (entry) => entries.push(entry) })
    await push.prepare()
    await push.enable()
    page.respond = () => Promise.reject(new TypeError(endpoint('1')))
    await push.disable()
    expect(entries).toMatchObject([
      { state: { status: 'prompt' }, outbox: { next: null } },
      { state: { status: 'subscribed', sync: 'synced' }, outbox: { next: null, mayHold: 1 } },
      { state: { status: 'unsubscribed' }, outbox: { next: 'DELETE' } },
    ])
    expectNoSecret(entries)
  })

  test('tells of what the app says of its user, too', async () => {
    const entries: DebugEntry[] = []
    const { push } = start(undefined, { debug: (entry) => entries.push(entry) })
    await push.enable()
    entries.length = 0
    await push.identify('ann@example', { tags: ['news'] })
    expect(entries).toHaveLength(1)
    expectNoSecret(entries)
  })

  test('that throws is seen, and nothing fails by it', async () => {
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    const { push } = start(undefined, {
      debug: () => {
        throw new Error('debug')
      },
    })
    expect(await push.prepare()).toEqual({ status: 'prompt' })
    expect(await uncaught).toMatchObject({ message: 'debug' })
  })
})
