import { afterEach, describe, expect, test, vi } from 'vitest'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import type { LoadWorkerOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker } from '../../sw/index.ts'
import {
  createBackend,
  home,
  keepRecord,
  loadPushWorker,
  makeKey,
  present,
  pushOne,
  readRecord,
} from './load-push-worker.ts'

const day = 86_400_000
const failed = { code: 'backend-failed', attempts: 1, notBefore: 0 } as const

/** A worker whose backend does not know the subscription yet. */
async function load(record: Partial<RegistrationRecord> = {}, options: LoadWorkerOptions = {}) {
  const headers = () => ({ authorization: 'Bearer t' })
  const worker = await loadPushWorker((scope) => createPushWorker({ headers }, scope), options)
  await keepRecord({
    enabled: true,
    hold: { subscription: present(worker.subscription), applicationServerKey: makeKey(), since: 0 },
    syncUrl: 'https://app.example/push',
    ...record,
  })
  return worker
}

afterEach(() => {
  vi.useRealTimers()
})

describe('what the backend does not know yet', () => {
  test('is told on a push, once that is on the screen', async () => {
    const onScreen: number[] = []
    const backend = createBackend(() => onScreen.push(worker.notifications.length))
    await using worker = await load({}, { fetch: backend.fetch })
    await pushOne(worker)
    expect(onScreen).toEqual([1])
    expect(backend.received).toMatchObject([
      { method: 'PUT', token: 'Bearer t', body: { subscription: worker.subscription } },
    ])
    expect((await readRecord())?.acknowledged).toBeDefined()
  })

  test('is told on a click, once its window is open', async () => {
    const windows: number[] = []
    const backend = createBackend(() => windows.push(worker.windows.length))
    await using worker = await load({ syncUrl: undefined }, { fetch: backend.fetch })
    const shown = await pushOne(worker)
    await keepRecord({ syncUrl: 'https://app.example/push' })
    await worker.click(shown)
    expect(windows).toEqual([1])
  })

  test('is told by Background Sync', async () => {
    const backend = createBackend()
    await using worker = await load({}, { fetch: backend.fetch })
    expect(await worker.sync('pushwell')).not.toHaveProperty('failed')
    expect(backend.received).toHaveLength(1)
  })

  test('is told by the registration beside as well, while a key moves', async () => {
    const backend = createBackend()
    const scope = `${home}pushwell-key-move/`
    await using worker = await load({}, { fetch: backend.fetch, scope })
    await pushOne(worker)
    expect(backend.received).toHaveLength(1)
  })

  test('holds no push for longer than half a second when the backend hangs, and is told later', async () => {
    const backend = createBackend()
    const asked = vi.fn<(request: Request) => Promise<Response>>(() => new Promise(() => undefined))
    await using worker = await load({}, { fetch: asked })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const push = worker.push()
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
    expect(worker.notifications).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(await push).not.toHaveProperty('failed')
    // The work itself goes on.
    await vi.advanceTimersByTimeAsync(9500)
    vi.useRealTimers()
    await vi.waitFor(async () =>
      expect((await readRecord())?.retry).toMatchObject({ code: 'backend-unreachable' }),
    )
    asked.mockImplementation(backend.fetch)
    await keepRecord({ retry: undefined })
    await worker.push()
    expect(backend.received).toHaveLength(1)
    expect((await readRecord())?.acknowledged).toBeDefined()
  })

  test('is told with the next push when the worker was ended before', async () => {
    const backend = createBackend()
    const asked = vi.fn<(request: Request) => Promise<Response>>(() => new Promise(() => undefined))
    await using worker = await load({}, { fetch: asked })
    expect(await worker.push()).not.toHaveProperty('failed')
    await worker.restart()
    asked.mockImplementation(backend.fetch)
    await worker.push()
    expect(backend.received).toHaveLength(1)
  })

  test('fails no push when the backend does', async () => {
    const backend = createBackend()
    backend.status = 500
    await using worker = await load({}, { fetch: backend.fetch })
    expect(await worker.push()).not.toHaveProperty('failed')
    expect(worker.errors).toEqual([])
  })
})

describe('the backend is left alone', () => {
  test.each([
    ['the page never said where it is', { syncUrl: undefined }],
    ['there is nothing to tell', { hold: undefined }],
    ['it failed a moment ago', { retry: { ...failed, nextTry: Date.now() + day } }],
  ])('on a push when %s', async (_, record) => {
    const backend = createBackend()
    await using worker = await load(record, { fetch: backend.fetch })
    expect(await worker.push()).not.toHaveProperty('failed')
    expect(backend.received).toEqual([])
  })

  test('on a push when no page was ever here', async () => {
    const backend = createBackend()
    const setUp = (scope: Parameters<typeof createPushWorker>[1]) => createPushWorker({}, scope)
    await using worker = await loadPushWorker(setUp, { fetch: backend.fetch })
    await pushOne(worker)
    expect(backend.received).toEqual([])
  })

  test('on a sync event of somebody else', async () => {
    const backend = createBackend()
    await using worker = await load({}, { fetch: backend.fetch })
    await worker.sync('other')
    expect(backend.received).toEqual([])
  })
})

describe('Background Sync', () => {
  test('tries again by itself when the backend fails', async () => {
    const backend = createBackend()
    backend.status = 503
    await using worker = await load({}, { fetch: backend.fetch })
    const { failed: error } = await worker.sync('pushwell')
    expect(error).toMatchObject({ name: 'PushwellError', code: 'backend-failed' })
    backend.status = 200
    expect(await worker.sync('pushwell')).not.toHaveProperty('failed')
    expect((await readRecord())?.retry).toBeUndefined()
  })

  test('comes again when the backend must not be tried yet', async () => {
    const backend = createBackend()
    const later = Date.now() + day
    const retry = { ...failed, notBefore: later, nextTry: later }
    await using worker = await load({ retry }, { fetch: backend.fetch })
    expect(await worker.sync('pushwell')).toHaveProperty('failed')
    expect(backend.received).toEqual([])
  })
})
