import { describe, expect, test, vi } from 'vitest'
import {
  fetchMessage,
  type PayloadAdapter,
  type PushFailure,
  type WorkerPart,
} from '../../sw/index.ts'
import { pushOne } from './load-push-worker.ts'
import { loadPayloadWorker } from './payload-worker.ts'

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
    await using worker = await loadPayloadWorker({ parts: [fetchMessage(request)] })
    expect(await worker.push()).toMatchObject({ penalty: 'none', shown: [{ title: 'Acme' }] })
  })

  test('is not waited for longer than it may take, and its request is told so', async () => {
    const signals: AbortSignal[] = []
    const request = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal)
      return new Promise(() => undefined)
    }
    await using worker = await loadPayloadWorker({
      parts: [fetchMessage(request, { timeoutMs: 10 })],
    })
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
    await using worker = await loadPayloadWorker({ parts, deadlineMs: 100 }, undefined, (it) =>
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
    await using worker = await loadPayloadWorker({
      payloads: [adapter],
      parts: [fetchMessage(request)],
    })
    // The adapter is asked for the push itself as well, and throws.
    await worker.push()
    await worker.push()
    expect(worker.history.map(({ title }) => title)).toEqual(['Fetched'])
  })

  test('is not fetched for a push that has one', async () => {
    const request = vi.fn()
    await using worker = await loadPayloadWorker({ parts: [fetchMessage(request)] })
    await pushOne(worker, 'Hello')
    expect(request).not.toHaveBeenCalled()
  })
})
