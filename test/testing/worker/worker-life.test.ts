import { describe, expect, test, vi } from 'vitest'
import {
  type FakeWorkerEvents,
  type FakeWorkerScope,
  loadWorker,
} from '../../../src/testing/worker/index.ts'
import { writeScripts } from './write-scripts.ts'

type Scope = FakeWorkerScope

/** A worker that answers messages with a function of its own. */
function answering(answer: (self: Scope, event: FakeWorkerEvents['message']) => unknown) {
  return loadWorker((self: Scope) => {
    self.addEventListener('message', (event) => {
      answer(self, event)
    })
  })
}

describe('a failure inside the worker', () => {
  test('of a listener is told with the event', async () => {
    await using worker = await answering(() => {
      throw new Error('thrown')
    })
    expect(await worker.message('go')).toMatchObject({ failed: { message: 'thrown' } })
    expect(worker.errors).toMatchObject([{ kind: 'listener', event: 'message' }])
  })

  test('of a promise given to waitUntil is told with the event', async () => {
    await using worker = await answering((_, event) => {
      event.waitUntil(Promise.reject(new Error('rejected')))
    })
    expect(await worker.message('go')).toMatchObject({ failed: { message: 'rejected' } })
    expect(worker.errors).toMatchObject([{ kind: 'wait-until' }])
  })

  test('that nobody handles is an error of the worker, not of the process', async () => {
    await using folder = await writeScripts({
      'sw.js': `addEventListener('message', async () => { throw new Error('unhandled') })`,
    })
    await using worker = await loadWorker(folder.path('sw.js'))
    expect(await worker.message('go')).toEqual({ handled: true })
    await expect
      .poll(() => worker.errors)
      .toMatchObject([{ kind: 'rejection', error: { message: 'unhandled' } }])
  })

  test('of a timer is an error of the worker', async () => {
    await using folder = await writeScripts({
      'sw.js': `addEventListener('message', () => setTimeout(() => { throw new Error('late') }))`,
    })
    await using worker = await loadWorker(folder.path('sw.js'))
    await worker.message('go')
    await expect.poll(() => worker.errors).toMatchObject([{ kind: 'timer' }])
  })

  test('to let an event end is a timeout', async () => {
    await using worker = await loadWorker(
      (self: Scope) => {
        self.addEventListener('push', (event) => event.waitUntil(new Promise(() => undefined)))
      },
      { eventTimeoutMs: 20 },
    )
    expect(await worker.push()).toMatchObject({ silent: true, failed: { code: 'timeout' } })
  })

  test('to fetch what nobody answers says what to do', async () => {
    await using folder = await writeScripts({
      'sw.js': `addEventListener('push', (event) => event.waitUntil(fetch('/data?token=1')))`,
    })
    await using worker = await loadWorker(folder.path('sw.js'))
    const { failed } = await worker.push()
    expect(failed).toMatchObject({
      message: expect.stringMatching(/app.example\/data,.*fetch option/),
    })
  })
})

describe('restart', () => {
  test('keeps notifications, caches and databases, and forgets variables', async () => {
    await using folder = await writeScripts({
      'sw.js': `
        let count = 0
        const open = () => new Promise((resolve, reject) => {
          const request = indexedDB.open('kept', 1)
          request.onupgradeneeded = () => request.result.createObjectStore('store')
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
        const keep = async () => {
          const database = await open()
          const store = database.transaction('store', 'readwrite').objectStore('store')
          const old = await new Promise((resolve) => {
            store.get('pushes').onsuccess = ({ target }) => resolve(target.result ?? 0)
          })
          store.put(old + 1, 'pushes')
          const cache = await caches.open('kept')
          const cached = await cache.match('/cached')
          await cache.put('/cached', new Response('yes'))
          count += 1
          const now = (await registration.getNotifications()).length
          await registration.showNotification([old, await cached?.text(), count, now].join())
        }
        addEventListener('push', (event) => event.waitUntil(keep()))`,
    })
    await using worker = await loadWorker(folder.path('sw.js'))
    await worker.push()
    await worker.restart()
    await worker.push()
    expect(worker.history.map(({ title }) => title)).toEqual(['0,,1,0', '1,yes,1,1'])
    await worker.dispose()
    await expect(worker.push()).rejects.toMatchObject({ code: 'worker-failed' })
  })

  test('clears the timers that were set, and so does the end', async () => {
    vi.useFakeTimers()
    try {
      await using folder = await writeScripts({
        'sw.js': `addEventListener('push', () => setInterval(() => undefined, 1))`,
      })
      const worker = await loadWorker(folder.path('sw.js'))
      await worker.push()
      expect(vi.getTimerCount()).toBe(1)
      await worker.restart()
      expect(vi.getTimerCount()).toBe(0)
      await worker.push()
      await worker.dispose()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('closes the ports that were open, which would keep the process alive', async () => {
    const ports: MessagePort[] = []
    const open = () => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => undefined
      ports.push(port2)
    }
    await using worker = await loadWorker((self: Scope) => self.addEventListener('push', open), {
      globals: true,
    })
    await worker.push()
    const [port] = ports
    const closed = new Promise((resolve) => {
      port?.addEventListener('close', resolve)
    })
    await worker.restart()
    await closed
  })

  test('gives every worker a database of its own', async () => {
    await using folder = await writeScripts({
      'sw.js': `addEventListener('push', (event) => event.waitUntil((async () => {
        const names = await indexedDB.databases()
        indexedDB.open('mine')
        await registration.showNotification(String(names.length))
      })()))`,
    })
    await using one = await loadWorker(folder.path('sw.js'))
    await using two = await loadWorker(folder.path('sw.js'))
    await one.push()
    await two.push()
    expect(two.history.map(({ title }) => title)).toEqual(['0'])
  })
})

test('a listener that is added too late is warned about', async () => {
  await using worker = await answering((self) => {
    self.addEventListener('push', () => undefined)
  })
  expect(worker.warnings).toEqual([])
  await worker.message('go')
  expect(worker.warnings).toEqual([
    expect.stringContaining("'push' event must be added on the initial"),
  ])
})

test('on… handlers are called too', async () => {
  await using folder = await writeScripts({
    'sw.js': `onpush = (event) => event.waitUntil(registration.showNotification('handler'))`,
  })
  await using worker = await loadWorker(folder.path('sw.js'))
  expect(await worker.push()).toMatchObject({ handled: true, shown: [{ title: 'handler' }] })
})

test('timers go by the test’s own, when it has replaced them', async () => {
  vi.useFakeTimers()
  try {
    await using folder = await writeScripts({
      'sw.js': `addEventListener('push', (event) => event.waitUntil(
        new Promise((resolve) => setTimeout(resolve, 60_000)).then(() => registration.showNotification('late'))))`,
    })
    await using worker = await loadWorker(folder.path('sw.js'))
    const result = worker.push()
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await result).shown).toMatchObject([{ title: 'late' }])
  } finally {
    vi.useRealTimers()
  }
})

test('channels connect the worker with a test in the part of a page', async () => {
  await using folder = await writeScripts({
    'sw.js': `
      const channel = new BroadcastChannel('news')
      addEventListener('push', (event) => channel.postMessage(event.data.json()))`,
  })
  await using worker = await loadWorker(folder.path('sw.js'))
  const heard: unknown[] = []
  const page = new worker.scope.BroadcastChannel('news')
  page.onmessage = ({ data }) => heard.push(data)
  await worker.push({ a: 1 })
  expect(heard).toEqual([{ a: 1 }])
})

test('locks are held by one at a time, in order', async () => {
  await using folder = await writeScripts({
    'sw.js': `
      const order = []
      const work = (name) => navigator.locks.request('lock', async () => {
        order.push('in ' + name)
        await null
        order.push('out ' + name)
      })
      const all = async () => {
        await Promise.all([work('a'), work('b')])
        await registration.showNotification(order.join())
      }
      addEventListener('push', (event) => event.waitUntil(all()))`,
  })
  await using worker = await loadWorker(folder.path('sw.js'))
  expect((await worker.push()).shown).toMatchObject([{ title: 'in a,out a,in b,out b' }])
})
