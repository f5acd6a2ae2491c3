import { IDBFactory, IDBObjectStore, IDBTransaction as FakeTransaction } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { createFakePage } from './fake-page-platform.ts'
import { enabledBefore, endpoint, start } from './start-client.ts'

let working: IDBFactory

beforeEach(() => {
  working = globalThis.indexedDB
  globalThis.indexedDB = undefined as unknown as IDBFactory
})
afterEach(() => {
  globalThis.indexedDB = working
})

describe('without a database', () => {
  test('everything works while the page is open, and the state says that it is not kept', async () => {
    const { page, push } = start()
    await push.prepare()
    expect(await push.enable()).toMatchObject({
      ok: true,
      state: { status: 'subscribed', sync: 'synced', storage: 'memory' },
    })
    expect(await push.identify('ann', { tags: ['a'] })).toMatchObject({ storage: 'memory' })
    expect(page.requests.map(({ body }) => body?.tags)).toEqual([undefined, ['a']])
    expect((await push.diagnose()).environment.storage).toBe('memory')
    expect(await push.disable()).toEqual({ status: 'unsubscribed', storage: 'memory' })
    expect(page.requests.at(-1)?.method).toBe('DELETE')
  })

  test('a page that loads takes over what the browser holds', async () => {
    const { page, push } = start()
    await push.enable()
    const next = start(page).push
    expect(await next.prepare()).toEqual({
      status: 'subscribed',
      sync: 'synced',
      storage: 'memory',
    })
    expect(page.requests.at(-1)?.body?.subscription.endpoint).toBe(endpoint('1'))
  })

  test('a focus still brings the backend up to date', async () => {
    const { page, push } = start()
    await push.prepare()
    await push.enable()
    page.now += 86_400_000
    page.events.dispatchEvent(new Event('focus'))
    await expect.poll(() => page.requests.length).toBe(2)
  })

  test('messages and clicks are heard all the same', async () => {
    const { page, push } = start(createFakePage())
    const heard: unknown[] = []
    push.onMessage('chat', ({ data }) => heard.push(data))
    push.onClick('chat', ({ data }) => heard.push(data))
    await push.prepare()
    const { scope } = page.worker
    const click = { key: '1', scope, at: 1, type: 'chat', data: 'click', action: '', url: '/' }
    page.channels.say({ pushwell: 1, scope, kind: 'message', message: { type: 'chat', data: 1 } })
    page.channels.say({ pushwell: 1, scope, kind: 'click', click, stored: false })
    await expect.poll(() => heard).toEqual([1, 'click'])
  })

  test('a click that the worker tells of before the page is ready is heard', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onClick('chat', ({ data }) => heard.push(data))
    const preparing = push.prepare()
    const { scope } = page.worker
    const click = { key: '1', scope, at: 1, type: 'chat', data: 'click', action: '', url: '/' }
    const data = { pushwell: 1, scope, kind: 'click', click, stored: false }
    page.workerMessages.dispatchEvent(Object.assign(new Event('message'), { data, ports: [] }))
    await preparing
    expect(heard).toEqual(['click'])
  })

  test('a click that could not be stored waits for whoever listens later, once', async () => {
    const { page, push } = start(createFakePage())
    await push.prepare()
    const { scope } = page.worker
    const click = { key: '1', scope, at: 1, type: 'chat', data: 'click', action: '', url: '/' }
    page.channels.say({ pushwell: 1, scope, kind: 'click', click, stored: false })
    const heard: unknown[] = []
    push.onClick('order', ({ data }) => heard.push(data))
    push.onClick('chat', ({ data }) => heard.push(data))
    await expect.poll(() => heard).toEqual(['click'])
    push.onClick('chat', ({ data }) => heard.push(data))
    page.channels.say({
      pushwell: 1,
      scope,
      kind: 'click',
      click: { ...click, data: 'next' },
      stored: false,
    })
    await expect.poll(() => heard).toEqual(['click', 'next', 'next'])
  })

  test('what it missed is in it once it works again', async () => {
    const { page, push } = start()
    await push.enable()
    globalThis.indexedDB = new IDBFactory()
    expect(await push.setTags({ add: ['a'] })).toEqual({ status: 'subscribed', sync: 'synced' })
    page.requests.length = 0
    expect(await start(page).push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests).toEqual([])
  })
})

describe('with a database', () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory()
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('whose transactions never end, a page gets ready all the same', async () => {
    const { push } = await enabledBefore()
    const starting = FakeTransaction.prototype as unknown as { _start: () => void }
    vi.spyOn(starting, '_start').mockImplementation(() => undefined)
    expect(await push.prepare()).toMatchObject({ status: 'subscribed', storage: 'memory' })
  })

  test('that is full, forget() leaves nobody in it whose messages the worker would show', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const stored = () =>
      createRegistrationRecords(createDatabaseConnection()).get(page.worker.scope)
    expect((await stored())?.recipient).toBe('ann')
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect(await push.forget()).toMatchObject({ sync: 'synced', storage: 'memory' })
    expect(await stored()).toBeUndefined()
    expect(page.requests.at(-1)?.body).toMatchObject({ signedOut: true })
    put.mockRestore()
    await push.setTags({ add: ['a'] })
    expect(await stored()).toMatchObject({ enabled: true, recipient: null, tags: ['a'] })
  })
})
