import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import {
  type LoadedWorker,
  type LoadWorkerOptions,
  loadWorker,
  type WorkerEngine,
} from '../../src/testing/worker/index.ts'
import { distFolder } from '../package/built-package.ts'
import { makeKey, ours, present } from './load-push-worker.ts'

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']

/** What `break-storage.js` does to the database. */
const breaks = ['missing', 'throws', 'blocked', 'full', 'broken', 'aborts']

const script = new URL('../browser/fixtures/without-storage-sw.js', import.meta.url)

async function load(engine: WorkerEngine, storage: string, options: LoadWorkerOptions = {}) {
  const built = await readFile(path.join(distFolder(), 'pushwell-sw.global.js'), 'utf8')
  return loadWorker(new URL(`?storage=${storage}`, script), {
    engine,
    scripts: { '/pushwell-sw.global.js': built },
    // A database that hangs does so for three seconds, twice at the most.
    eventTimeoutMs: 15_000,
    ...options,
  })
}

const titles = (shown: readonly { readonly title: string }[]) => shown.map(({ title }) => title)
const text = (title: string, more?: object) => ours('text', { title }, { id: title, ...more })

async function ask(worker: LoadedWorker, question: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel()
  const answer = once(port2, 'message')
  await worker.message(question, { ports: [port1] })
  const [answered] = (await answer) as [unknown]
  port2.close()
  return answered
}

const cases = engines.flatMap((engine) => breaks.map((storage) => ({ engine, storage })))

describe.concurrent.each(cases)(
  'in $engine, with a database that is $storage,',
  ({ engine, storage }) => {
    test('a push is shown by its route, at once, and what is for somebody is neutral', async () => {
      await using worker = await load(engine, storage)
      const began = performance.now()
      const pushing = worker.push(text('First'))
      await expect.poll(() => titles(worker.notifications), { interval: 20 }).toEqual(['First'])
      expect(performance.now() - began).toBeLessThan(2500)
      expect(await pushing).toMatchObject({ penalty: 'none' })
      expect(titles((await worker.push(text('For Anna', { recipient: 'anna' }))).shown)).toEqual([
        'Neutral',
      ])
      expect(worker.errors).toEqual([])
    })

    test('a message that comes again, even at the same moment, is there once', async () => {
      await using worker = await load(engine, storage)
      await Promise.all([worker.push(text('Once')), worker.push(text('Once'))])
      await worker.push(text('Once'))
      expect(titles(worker.notifications)).toEqual(['Once'])
      // WebKit wants something shown for every push.
      expect(worker.history).toHaveLength(engine === 'webkit' ? 3 : 1)
    })

    test('a click opens the window that it says, which is told of it once', async () => {
      await using worker = await load(engine, storage)
      const { shown } = await worker.push(ours('order', { id: 1 }))
      const { opened, failed } = await worker.click(present(shown[0]))
      expect(failed).toBeUndefined()
      expect(opened).toEqual(['https://app.example/orders/1'])
      expect(worker.windows.map(({ messages }) => messages)).toMatchObject([
        [{ kind: 'click', stored: false, click: { type: 'order', data: { id: 1 }, action: '' } }],
      ])
    })

    test('a button’s request is made at once, and a failure is shown', async () => {
      const bodies: unknown[] = []
      await using worker = await load(engine, storage, {
        async fetch(request) {
          bodies.push(await request.json())
          return new Response(null, { status: bodies.length === 1 ? 204 : 503 })
        },
      })
      for (const id of [1, 2]) {
        const { shown } = await worker.push(ours('order', { id }, { id: `o${id}` }))
        const [order] = shown
        // WebKit has no buttons.
        if (!order?.actions?.length) return
        await worker.click(order, 'like')
      }
      expect(bodies).toEqual([{ id: 1 }, { id: 2 }])
      expect(titles(worker.notifications)).toEqual(['Not sent'])
    })

    test('groups fold, the badge follows, and texts are in the browser’s language', async () => {
      await using worker = await load(engine, storage, { language: 'de-AT' })
      for (const id of ['a', 'b', 'c'])
        await worker.push({
          web_push: 8030,
          ...text(id, { group: 'chat' }),
          app_badge: 3,
        })
      expect(titles(worker.notifications)).toEqual(['3 messages'])
      expect(worker.badge).toBe(engine === 'firefox' ? null : 3)
      const localized = { title: { key: 'hello', args: { name: 'Anna' } } }
      const { shown } = await worker.push({
        web_push: 8030,
        notification: { title: 'Hello' },
        pushwell: { v: 1, localized },
      })
      expect(titles(shown)).toEqual(['Hallo Anna'])
    })

    test('the page with the focus may take a message', async () => {
      await using worker = await load(engine, storage)
      worker.openWindow({
        url: '/chat',
        focused: true,
        onMessage: (_question, [port]) => port?.postMessage(true),
      })
      const { shown } = await worker.push(text('Taken'))
      expect(titles(shown)).toEqual(engine === 'webkit' ? ['Taken'] : [])
    })

    test('a lost subscription is made again where the browser tells its key', async () => {
      await using worker = await load(engine, storage, { applicationServerKey: makeKey() })
      const before = worker.subscription?.endpoint
      expect(await worker.changeSubscription()).not.toHaveProperty('failed')
      const after = worker.subscription?.endpoint
      expect(after).not.toBe(before)
      expect(after !== undefined).toBe(engine !== 'chromium')
    })

    test('the inbox fails with a code, and the worker says why', async () => {
      await using worker = await load(engine, storage)
      expect(await ask(worker, 'inbox')).toEqual({ name: 'PushwellError', code: 'storage-failed' })
      await worker.push(text('First'))
      expect(await ask(worker, { pushwell: 1, kind: 'report' })).toMatchObject({
        storage: 'memory',
        pushFailures: [{ stage: 'storage', type: 'text', id: 'First' }],
      })
    })
  },
)

test.each(engines)('in %s, a worker whose database works says so', async (engine) => {
  await using worker = await load(engine, 'good')
  await worker.push(text('First'))
  expect(await ask(worker, 'inbox')).toBe(1)
  expect(await ask(worker, { pushwell: 1, kind: 'report' })).toEqual({
    storage: 'persistent',
    failures: [],
    pushFailures: [],
  })
})
