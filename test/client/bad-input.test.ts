import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import {
  createPushClient,
  isPushwellError,
  type PushClientOptions,
} from '../../src/client/index.ts'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'

async function errorOf(page: FakePage, options: Partial<PushClientOptions> = {}) {
  const push = createPushClient(
    {
      applicationServerKey: fakeKey(1),
      serviceWorker: '/sw.js',
      sync: false,
      timeoutMs: 20,
      ...options,
    },
    page.platform,
  )
  const error: unknown = await push.enable().catch((thrown: unknown) => thrown)
  if (!(error instanceof Error)) throw new Error('enable() did not fail.')
  return { error, push }
}

const domException = (name: string) => () => Promise.reject(new DOMException('no', name))

describe('a key that is none is a TypeError with a code', () => {
  test.each([
    ['too short', fakeKey(1).slice(4)],
    ['with padding', `${fakeKey(1)}=`],
    ['a private key', 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'],
    ['bytes of the wrong length', new Uint8Array(64)],
    ['bytes of a compressed point', new Uint8Array(65).fill(2)],
    ['empty', ''],
  ])('%s', async (_, applicationServerKey) => {
    const { error } = await errorOf(createFakePage(), { applicationServerKey })
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'invalid-application-server-key' })
    expect(error.message).toMatch(/^applicationServerKey must be/)
  })

  test('also when only the browser finds it not to be on the curve', async () => {
    const page = createFakePage()
    page.subscribe = domException('InvalidAccessError')
    const { error } = await errorOf(page)
    expect(error).toMatchObject({ code: 'invalid-application-server-key' })
  })
})

describe('a worker that does not start', () => {
  const refused = (script: Response) => {
    const page = createFakePage()
    page.register = () => Promise.reject(new TypeError('failed'))
    page.script = script
    return page
  }
  const served = (type: string) => new Response('', { headers: { 'content-type': type } })

  test.each<[string, Response, string, string]>([
    ['a missing file', new Response('', { status: 404 }), 'worker-missing', '404'],
    ['a wrong MIME type', served('text/html; charset=utf-8'), 'worker-wrong-type', 'text/html'],
    ['a script that throws', served('text/javascript'), 'worker-failed', 'console'],
    ['another script type', served('application/x-javascript'), 'worker-failed', 'console'],
  ])('%s', async (_, script, code, word) => {
    const { error, push } = await errorOf(refused(script))
    expect(isPushwellError(error) && error.code).toBe(code)
    expect(error.message).toContain(word)
    expect(error.cause).toBeInstanceOf(TypeError)
    await expect(push.prepare()).rejects.toMatchObject({ code })
    expect(push.state).toEqual({ status: 'unsubscribed' })
  })

  test('that never activates is given up', async () => {
    const page = createFakePage()
    const installing = Object.assign(new EventTarget(), { state: 'installing' })
    Object.assign(page.worker, { active: null, installing })
    const { error } = await errorOf(page)
    expect(error).toMatchObject({ code: 'timeout' })
  })

  test('that has failed before anybody looked is told at once', async () => {
    const page = createFakePage()
    Object.assign(page.worker, { active: null, installing: null, waiting: null })
    const { error } = await errorOf(page, { timeoutMs: 5000 })
    expect(error).toMatchObject({ code: 'worker-failed' })
  })

  test.each([[undefined], [null], [{}], ['/sw.js']])(
    'of which the app’s function gives %j in a registration’s place',
    async (given) => {
      const { error } = await errorOf(createFakePage(), {
        serviceWorker: () => given as unknown as ServiceWorkerRegistration,
      })
      expect(error).toMatchObject({ code: 'worker-missing' })
      expect(error.message).toMatch(/function.*registration/)
    },
  )

  test('that becomes redundant is told at once; one that activates is used', async () => {
    const page = createFakePage()
    const installing = Object.assign(new EventTarget(), { state: 'installing' })
    const become = (state: string) =>
      queueMicrotask(() => {
        installing.state = state
        installing.dispatchEvent(new Event('statechange'))
      })
    Object.assign(page.worker, { active: null, installing })
    page.register = () => {
      setTimeout(() => become('redundant'))
      return Promise.resolve(page.worker)
    }
    const { error, push } = await errorOf(page, { timeoutMs: 5000 })
    expect(error).toMatchObject({ code: 'worker-failed' })
    page.register = () => {
      setTimeout(() => become('activated'))
      return Promise.resolve(page.worker)
    }
    expect((await push.enable()).ok).toBe(true)
  })
})
