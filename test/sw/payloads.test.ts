import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  fetchMessage,
  flatPayload,
  type PayloadAdapter,
  type PushFailure,
  type PushWorker,
  type PushWorkerOptions,
  type WorkerPart,
} from '../../sw/index.ts'
import { readMessage } from '../../sw/read-message.ts'
import { keepRecord, loadPushWorker, ours, pushOne } from './load-push-worker.ts'

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']
const fallback = { title: 'Acme' }

function load(
  options: PushWorkerOptions = {},
  engine?: WorkerEngine,
  routes?: (worker: PushWorker) => unknown,
) {
  return loadPushWorker((scope) => {
    const worker = createPushWorker({ fallback, deadlineMs: 200, ...options }, scope)
    routes?.(worker)
  }, engine && { engine })
}

describe.each(engines)('in %s', (engine) => {
  const notification = { title: 'Declared', navigate: '/a', body: 'Body', lang: 'de' }

  test('a mutable declarative message is shown as it declares, once', async () => {
    await using worker = await load({ defaults: { icon: '/icon.png' } }, engine)
    const payload = {
      web_push: 8030,
      mutable: true,
      notification: { ...notification, mutable: true },
    }
    const shown = await pushOne(worker, payload)
    expect(shown).toMatchObject({ title: 'Declared', body: 'Body', lang: 'de' })
    expect(shown.icon).toBe('https://app.example/icon.png')
    await worker.click(shown)
    expect(worker.windows.map(({ url }) => url)).toEqual(['https://app.example/a'])
  })

  test('a message in Angular’s and one in Firebase’s format leads where it says', async () => {
    await using worker = await load({}, engine)
    const angular = {
      notification: {
        title: 'Angular',
        data: { onActionClick: { default: { operation: 'openWindow', url: 'x' } } },
      },
    }
    const firebase = {
      fcmMessageId: 'f1',
      notification: { title: 'Firebase' },
      fcmOptions: { link: 'https://app.example/y' },
    }
    await worker.click(await pushOne(worker, angular))
    await worker.click(await pushOne(worker, firebase))
    expect(worker.history.map(({ title }) => title)).toEqual(['Angular', 'Firebase'])
    expect(worker.windows.map(({ url }) => url)).toContain('https://app.example/y')
  })

  test('an empty push shows the message that was fetched, by its route', async () => {
    const request = vi.fn(() => ours('chat', { from: 'Ada' }))
    await using worker = await load({ parts: [fetchMessage(request)] }, engine, (it) =>
      it.on('chat', { notification: ({ data }) => ({ title: (data as { from: string }).from }) }),
    )
    expect((await pushOne(worker)).title).toBe('Ada')
    expect(request).toHaveBeenCalledExactlyOnceWith({ signal: expect.any(AbortSignal) })
  })
})

describe('what the browser hands over of a declarative message', () => {
  const event = (data: unknown) => ({
    data: data === undefined ? null : { arrayBuffer: () => bytesOf(JSON.stringify(data)) },
    notification: {
      title: 'Declared',
      body: '',
      icon: '',
      navigate: 'https://app.example/a',
      timestamp: 5,
      actions: [{ action: 'a', title: 'A', navigate: 'https://app.example/b' }],
      data: { own: 1 },
    },
    appBadge: 4,
    waitUntil: () => undefined,
  })

  test('is all there is when no data comes with it', () => {
    expect(readMessage(event(undefined), {})).toEqual({
      appBadge: 4,
      notification: {
        title: 'Declared',
        navigate: 'https://app.example/a',
        timestamp: 5,
        actions: [{ action: 'a', title: 'A', navigate: 'https://app.example/b' }],
        data: { own: 1 },
      },
    })
  })

  test('gives way to the message itself, which has an envelope', () => {
    const sent = { ...ours('chat'), notification: { title: 'Sent' } }
    expect(readMessage(event(sent), {})).toMatchObject({
      id: 'm1',
      type: 'chat',
      appBadge: 4,
      notification: { title: 'Sent' },
    })
  })
})

describe('an adapter', () => {
  const custom: PayloadAdapter = (payload) => {
    const { headline } = payload as { headline?: string }
    return headline === undefined ? undefined : { type: 'chat', notification: { title: headline } }
  }

  test('reads a format of the app’s own, and its type has a route', async () => {
    await using worker = await load({ payloads: [custom] }, undefined, (it) =>
      it.on('chat', {
        notification: ({ notification }) => ({ title: `Chat: ${notification?.title}` }),
      }),
    )
    expect((await pushOne(worker, { headline: 'Hello' })).title).toBe('Chat: Hello')
  })

  test('that throws or does not know it leaves it to the next, and at last to the worker', async () => {
    const throwing: PayloadAdapter = () => {
      throw new Error('broken')
    }
    await using worker = await load({ payloads: [throwing, () => undefined, custom] })
    expect((await pushOne(worker, { headline: 'Hello' })).title).toBe('Hello')
    expect((await pushOne(worker, { notification: { title: 'Plain' } })).title).toBe('Plain')
    expect((await pushOne(worker)).title).toBe('Acme')
  })

  test('is not asked for a message with our envelope, whose recipient counts', async () => {
    const asked = vi.fn(() => ({ notification: { title: 'Adapted' } }))
    await using worker = await load({ payloads: [asked], neutral: { title: 'Neutral' } })
    const secret = { ...ours('chat', 1, { recipient: 'ada' }), notification: { title: 'Secret' } }
    expect((await pushOne(worker, secret)).title).toBe('Neutral')
    expect(asked).not.toHaveBeenCalled()
  })

  test('names whom a message is for as an envelope does', async () => {
    const guarded: PayloadAdapter = () => ({
      recipient: 'ada',
      notification: { title: 'Secret' },
    })
    await using worker = await load({ payloads: [guarded], neutral: { title: 'Neutral' } })
    expect((await pushOne(worker, {})).title).toBe('Neutral')
    await keepRecord({ recipient: 'ada' })
    expect((await pushOne(worker, {})).title).toBe('Secret')
  })

  test('costs no notification, whatever it gives', async () => {
    let given: unknown
    await using worker = await load({ payloads: [() => given as never] })
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (anything) => {
        given = anything
        expect((await worker.push({})).shown).toHaveLength(1)
      }),
      { numRuns: 50 },
    )
  })
})

describe('flatPayload', () => {
  test.each([
    [{ title: 'T', alert: 'B', url: '/u', icon: '/i.png' }],
    [{ title: 'T', body: 'B', link: '/u', icon: '/i.png' }],
    [{ title: 'T', message: 'B', target_url: '/u', icon: '/i.png', url: '' }],
    [{ title: 'T', body: 'B', navigate: '/u', icon: '/i.png', url: '/other' }],
  ])('reads %j', async (payload) => {
    await using worker = await load({ payloads: [flatPayload] })
    const shown = await pushOne(worker, payload)
    expect(shown).toMatchObject({ title: 'T', body: 'B', icon: 'https://app.example/i.png' })
    await worker.click(shown)
    expect(worker.windows.map(({ url }) => url)).toEqual(['https://app.example/u'])
  })

  test('reads OneSignal’s id, data, URL and buttons', () => {
    const sent = {
      title: 'T',
      alert: 'B',
      custom: { i: 'n1', u: 'https://a.example/', a: { orderId: '42' } },
      o: [{ i: 'like', n: 'Like', p: '/like.png', u: '/like' }],
    }
    const data = { arrayBuffer: () => bytesOf(JSON.stringify(sent)) }
    const event = { data, waitUntil: () => undefined }
    expect(readMessage(event, { payloads: [flatPayload] })).toEqual({
      id: 'n1',
      data: { orderId: '42' },
      notification: {
        title: 'T',
        body: 'B',
        navigate: 'https://a.example/',
        actions: [{ action: 'like', title: 'Like', navigate: '/like', icon: '/like.png' }],
      },
    })
  })

  test('leaves alone what has a notification of its own, or no title', () => {
    expect(flatPayload({ title: 'T', notification: { title: 'N' } })).toBeUndefined()
    expect(flatPayload({ body: 'B' })).toBeUndefined()
    expect(flatPayload('T')).toBeUndefined()
    expect(flatPayload(undefined)).toBeUndefined()
  })
})

describe('the message of an empty push', () => {
  const loaders: Record<string, () => unknown> = {
    throws: () => {
      throw new Error('broken')
    },
    rejects: () => Promise.reject(new Error('offline')),
    hangs: () => new Promise(() => undefined),
    'gives nothing': () => undefined,
    'gives nonsense': () => 42,
  }
  test.each(Object.entries(loaders))('when fetching it %s, is the fallback', async (_, request) => {
    await using worker = await load({ parts: [fetchMessage(request)] })
    expect(await worker.push()).toMatchObject({ penalty: 'none', shown: [{ title: 'Acme' }] })
  })

  test('is not waited for longer than it may take, and its request is told so', async () => {
    const signals: AbortSignal[] = []
    const request = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal)
      return new Promise(() => undefined)
    }
    await using worker = await load({ parts: [fetchMessage(request, { timeoutMs: 10 })] })
    await pushOne(worker)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('takes its time from the route’s, and what took too long is told', async () => {
    const hanging = () => new Promise<never>(() => undefined)
    const failures: PushFailure[] = []
    const parts: WorkerPart[] = [
      fetchMessage(hanging),
      { name: 'hangs', receive: hanging },
      { name: 'hears', failed: (failure) => failures.push(failure) },
    ]
    await using worker = await load({ parts, deadlineMs: 100 }, undefined, (it) =>
      it.on('*', { notification: hanging }),
    )
    await pushOne(worker)
    const told = failures.map(({ stage, code }) => `${stage} ${code}`)
    expect(told).toEqual(['receive timeout', 'receive timeout', 'route timeout'])
  })

  test('is read by an adapter too, and shown once by its id', async () => {
    const adapter: PayloadAdapter = (payload) => {
      const { key, text } = payload as { key: string; text: string }
      return { id: key, notification: { title: text } }
    }
    const request = () => ({ key: 'k1', text: 'Fetched' })
    await using worker = await load({ payloads: [adapter], parts: [fetchMessage(request)] })
    // The adapter is asked for the push itself as well, and throws.
    await worker.push()
    await worker.push()
    expect(worker.history.map(({ title }) => title)).toEqual(['Fetched'])
  })

  test('is not fetched for a push that has one', async () => {
    const request = vi.fn()
    await using worker = await load({ parts: [fetchMessage(request)] })
    await pushOne(worker, 'Hello')
    expect(request).not.toHaveBeenCalled()
  })
})

function bytesOf(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer
}
