import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import { fetchMessage, type PayloadAdapter } from '../../sw/index.ts'
import { readMessage } from '../../sw/read-message.ts'
import { keepRecord, ours, pushOne } from './load-push-worker.ts'
import { bytesOf, loadPayloadWorker } from './payload-worker.ts'

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']

describe.each(engines)('in %s', (engine) => {
  const notification = { title: 'Declared', navigate: '/a', body: 'Body', lang: 'de' }

  test('a mutable declarative message is shown as it declares, once', async () => {
    await using worker = await loadPayloadWorker({ defaults: { icon: '/icon.png' } }, engine)
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
    await using worker = await loadPayloadWorker({}, engine)
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
    await using worker = await loadPayloadWorker({ parts: [fetchMessage(request)] }, engine, (it) =>
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
    await using worker = await loadPayloadWorker({ payloads: [custom] }, undefined, (it) =>
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
    await using worker = await loadPayloadWorker({ payloads: [throwing, () => undefined, custom] })
    expect((await pushOne(worker, { headline: 'Hello' })).title).toBe('Hello')
    expect((await pushOne(worker, { notification: { title: 'Plain' } })).title).toBe('Plain')
    expect((await pushOne(worker)).title).toBe('Acme')
  })

  test('is not asked for a message with our envelope, whose recipient counts', async () => {
    const asked = vi.fn(() => ({ notification: { title: 'Adapted' } }))
    await using worker = await loadPayloadWorker({
      payloads: [asked],
      neutral: { title: 'Neutral' },
    })
    const secret = { ...ours('chat', 1, { recipient: 'ada' }), notification: { title: 'Secret' } }
    expect((await pushOne(worker, secret)).title).toBe('Neutral')
    expect(asked).not.toHaveBeenCalled()
  })

  test('names whom a message is for as an envelope does', async () => {
    const guarded: PayloadAdapter = () => ({
      recipient: 'ada',
      notification: { title: 'Secret' },
    })
    await using worker = await loadPayloadWorker({
      payloads: [guarded],
      neutral: { title: 'Neutral' },
    })
    expect((await pushOne(worker, {})).title).toBe('Neutral')
    await keepRecord({ recipient: 'ada' })
    expect((await pushOne(worker, {})).title).toBe('Secret')
  })

  test('costs no notification, whatever it gives', async () => {
    let given: unknown
    await using worker = await loadPayloadWorker({ payloads: [() => given as never] })
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (anything) => {
        given = anything
        expect((await worker.push({})).shown).toHaveLength(1)
      }),
      { numRuns: 50 },
    )
  })
})
