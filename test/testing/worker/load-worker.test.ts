import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type FakeWorkerScope, loadWorker } from '../../../src/testing/worker/index.ts'
import { writeScripts } from './write-scripts.ts'

const shows = (title: string) =>
  `addEventListener('push', (event) => event.waitUntil(registration.showNotification(${title})))`

const titlesOf = (shown: readonly { title: string }[]) => shown.map(({ title }) => title)

describe('a classic script', () => {
  test('shares its declarations with what it imports, from files and from the scripts option', async () => {
    await using folder = await writeScripts({
      'sw.js': `importScripts('lib.js', '/given.js'); ${shows('greet(name)')}`,
      'lib.js': 'function greet(who) { return greeting + who }; var greeting = "Hello, "',
    })
    await using worker = await loadWorker(folder.path('sw.js'), {
      scripts: { '/given.js': 'const name = "Ada"' },
    })
    expect(titlesOf((await worker.push()).shown)).toEqual(['Hello, Ada'])
  })

  test('knows the query that it was loaded with', async () => {
    await using folder = await writeScripts({ 'sw.js': shows('location.search') })
    const script = pathToFileURL(folder.path('sw.js'))
    await using worker = await loadWorker(new URL('?v=2', script))
    expect(titlesOf((await worker.push()).shown)).toEqual(['?v=2'])
  })

  test('imports from other origins through fetch', async () => {
    await using folder = await writeScripts({
      'sw.js': `importScripts("https://cdn.example/a.js"); ${shows('title')}`,
    })
    const code: Record<string, string> = {
      'https://cdn.example/a.js': 'importScripts("https://cdn.example/b.js")',
      'https://cdn.example/b.js': 'var title = "From far"',
    }
    await using worker = await loadWorker(folder.path('sw.js'), {
      fetch: ({ url }) => new Response(code[url]),
    })
    expect(titlesOf((await worker.push()).shown)).toEqual(['From far'])
  })

  test('fails with a NetworkError that names the script it cannot import', async () => {
    await using folder = await writeScripts({ 'sw.js': 'importScripts("/missing.js")' })
    await expect(loadWorker(folder.path('sw.js'))).rejects.toMatchObject({
      code: 'worker-failed',
      cause: { name: 'NetworkError', message: expect.stringContaining('/missing.js') },
    })
  })

  test('recognizes errors and promises of the fakes as its own', async () => {
    await using folder = await writeScripts({
      'sw.js': `
        class Own extends Error {}
        addEventListener('message', async (event) => {
          const shown = registration.showNotification()
          const error = await shown.catch((reason) => reason)
          event.source.postMessage([
            shown instanceof Promise, error instanceof TypeError, error instanceof RangeError,
            error instanceof Own, new Own() instanceof Own, [] instanceof Array,
          ])
        })`,
    })
    await using worker = await loadWorker(folder.path('sw.js'), { windows: [{}] })
    const [from] = worker.windows
    await worker.message('go', from && { from })
    await expect.poll(() => from?.messages).toEqual([[true, true, false, false, true, true]])
  })

  test('says what to do when it is a module', async () => {
    await using folder = await writeScripts({ 'sw.js': 'import "./lib.js"' })
    await expect(loadWorker(folder.path('sw.js'))).rejects.toThrow(/type: "module"/)
  })
})

describe('a module worker', () => {
  test('sees its own globals in every module of its graph, and declares names of its own', async () => {
    await using folder = await writeScripts({
      'sw.mts': `
        import { titleOf } from './title.mjs'
        const { registration }: { registration: any } = self as any
        const clients = 'own'
        addEventListener('push', (event: any) => {
          event.waitUntil(registration.showNotification(titleOf(clients)))
        })`,
      'title.mjs': `export const titleOf = (name) =>
        [name, location.pathname, self === globalThis, typeof importScripts].join()`,
    })
    await using worker = await loadWorker(folder.path('sw.mts'))
    await using other = await loadWorker(folder.path('sw.mts'), { engine: 'firefox' })
    expect(titlesOf((await worker.push()).shown)).toEqual(['own,/sw.mts,true,function'])
    expect(titlesOf((await other.push()).shown)).toEqual(['own,/sw.mts,true,function'])
    expect(worker.history).toHaveLength(1)
  })

  test('is evaluated anew by restart', async () => {
    await using folder = await writeScripts({
      'sw.js': `let count = 0; export {}; ${shows('String(count += 1)')}`,
    })
    await using worker = await loadWorker(folder.path('sw.js'), { type: 'module' })
    await worker.push()
    await worker.restart()
    await worker.push()
    expect(titlesOf(worker.history)).toEqual(['1', '1'])
  })

  test('leaves nothing on globalThis', async () => {
    await using folder = await writeScripts({ 'sw.mjs': shows('"a"') })
    const before = Reflect.ownKeys(globalThis)
    await using worker = await loadWorker(folder.path('sw.mjs'))
    await worker.push()
    expect(Reflect.ownKeys(globalThis)).toEqual(before)
  })
})

describe('a function', () => {
  test('finds the worker’s globals on globalThis while asked to, and no longer', async () => {
    const worker = await loadWorker(
      () => {
        const scope = globalThis as unknown as FakeWorkerScope
        scope.addEventListener('push', (event) => {
          event.waitUntil(scope.registration.showNotification('global'))
        })
      },
      { globals: true },
    )
    await expect(loadWorker(() => undefined, { globals: true })).rejects.toThrow(/another worker/)
    expect(titlesOf((await worker.push()).shown)).toEqual(['global'])
    await worker.dispose()
    expect('registration' in globalThis).toBe(false)
  })

  test('that adds no listener although it should is a failure', async () => {
    await expect(loadWorker(() => undefined, { globals: true })).rejects.toThrow(/no listener/)
    expect('registration' in globalThis).toBe(false)
  })
})

describe('loading fails', () => {
  test('when there is no such file', async () => {
    await expect(loadWorker('no-such-worker.js')).rejects.toMatchObject({ code: 'worker-failed' })
  })

  test('when the script throws, with its error as the cause', async () => {
    await using folder = await writeScripts({ 'sw.js': 'undefinedFunction()' })
    await expect(loadWorker(folder.path('sw.js'))).rejects.toMatchObject({
      code: 'worker-failed',
      cause: { name: 'ReferenceError' },
    })
  })

  test('when the install event fails', async () => {
    const load = loadWorker((self: FakeWorkerScope) => {
      self.addEventListener('install', (event) => event.waitUntil(Promise.reject(new Error('no'))))
    })
    await expect(load).rejects.toMatchObject({ code: 'worker-failed', cause: { message: 'no' } })
  })

  test.each([
    ['script', () => loadWorker('')],
    ['engine', () => loadWorker(() => undefined, { engine: 'gecko' as never })],
  ])('for a wrong %s, naming it', async (name, load) => {
    await expect(load()).rejects.toMatchObject({
      name: 'TypeError',
      code: 'invalid-argument',
      message: expect.stringContaining(name),
    })
  })
})
