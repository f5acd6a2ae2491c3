import { describe, expect, test, vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  fetchMessage,
  flatPayload,
  type PushWorkerOptions,
  type WorkerScope,
} from '../../sw/index.ts'
import { home, loadPushWorker, ours, pushOne, readRecord } from './load-push-worker.ts'

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']

/** Another push handler, as an app or another SDK has it: it shows what is its own. */
function addOther(scope: WorkerScope, isOurs: (payload: unknown) => boolean): void {
  scope.addEventListener('push', (event) => {
    const text = event.data && new TextDecoder().decode(event.data.arrayBuffer())
    const payload = text ? (JSON.parse(text) as { other?: string }) : undefined
    if (isOurs(payload)) return
    event.waitUntil(scope.registration.showNotification(`Other: ${payload?.other}`))
  })
}

const isOurs = (payload: unknown) => typeof payload === 'object' && 'pushwell' in (payload ?? {})

function load(options: PushWorkerOptions, engine: WorkerEngine = 'chromium') {
  const setUp = (scope: WorkerScope) => {
    createPushWorker({ fallback: { title: 'Acme' }, ...options }, scope)
    addOther(scope, isOurs)
  }
  return loadPushWorker(setUp, { engine })
}

describe.each(engines)('beside another push handler in %s', (engine) => {
  test('a push that is not ours is left to it: nothing of ours is called', async () => {
    const called = vi.fn()
    const part = { name: 'part', receive: called, arrange: called, shown: called }
    await using worker = await load({ take: 'ours', parts: [part] }, engine)
    const { shown, penalty } = await worker.push({ other: 'Hello' })
    expect(shown.map(({ title }) => title)).toEqual(['Other: Hello'])
    expect(penalty).toBe('none')
    expect((await worker.push()).shown.map(({ title }) => title)).toEqual(['Other: undefined'])
    expect(called).not.toHaveBeenCalled()
  })

  test('a push that is ours is shown by us, in any version of the envelope', async () => {
    await using worker = await load({ take: 'ours' }, engine)
    const message = { ...ours('chat'), notification: { title: 'Ours' } }
    expect((await pushOne(worker, message)).title).toBe('Ours')
    const newer = { pushwell: { v: 2 }, notification: { title: 'Newer' } }
    expect((await pushOne(worker, newer)).title).toBe('Newer')
  })

  test('a click on its notification and the closing of it are left to it', async () => {
    const told = vi.fn()
    const part = { name: 'part', clicked: told, closed: told }
    await using worker = await load({ take: 'ours', parts: [part] }, engine)
    const notification = await pushOne(worker, { other: 'Hello' })
    expect(await worker.click(notification)).toMatchObject({ opened: [], closed: false })
    await worker.close(notification)
    expect(told).not.toHaveBeenCalled()
  })
})

describe.each(engines)('beside a handler in %s that shows whatever has a title', (engine) => {
  /** As Angular's does, which knows nothing of others. */
  const addGreedy = (scope: WorkerScope) =>
    scope.addEventListener('push', (event) => {
      const text = new TextDecoder().decode(event.data?.arrayBuffer())
      const { title } = (JSON.parse(text) as { notification: { title: string } }).notification
      event.waitUntil(scope.registration.showNotification(`Other: ${title}`))
    })
  const message = { ...ours('chat'), notification: { title: 'Ours' } }
  const theirs = { notification: { title: 'Theirs' } }
  const titles = async (setUp: (scope: WorkerScope) => void, payload: object) => {
    await using worker = await loadPushWorker(setUp, { engine })
    return (await worker.push(payload)).shown.map(({ title }) => title).toSorted()
  }
  const take = 'ours'

  test('what is ours is shown once where our worker is created first, and twice where it is not', async () => {
    const first = (scope: WorkerScope) => {
      createPushWorker({ take }, scope)
      addGreedy(scope)
    }
    const last = (scope: WorkerScope) => {
      addGreedy(scope)
      createPushWorker({ take }, scope)
    }
    expect(await titles(first, message)).toEqual(['Ours'])
    expect(await titles(first, theirs)).toEqual(['Other: Theirs'])
    expect(await titles(last, message)).toEqual(['Other: Ours', 'Ours'])
    expect(await titles(last, theirs)).toEqual(['Other: Theirs'])
  })

  test('it has what we take as well where we take all: it may do other things', async () => {
    const all = (scope: WorkerScope) => {
      createPushWorker({}, scope)
      addGreedy(scope)
    }
    expect(await titles(all, message)).toEqual(['Other: Ours', 'Ours'])
  })

  test('a function that cannot say whose a push is has taken it, and that is kept', async () => {
    const broken = () => {
      throw new Error('broken')
    }
    const setUp = (scope: WorkerScope) => {
      createPushWorker({ take: broken }, scope)
      addGreedy(scope)
    }
    await using worker = await loadPushWorker(setUp, { engine })
    expect((await pushOne(worker, theirs)).title).toBe('Theirs')
    expect((await readRecord())?.pushFailures).toMatchObject([{ stage: 'parse', code: 'failed' }])
  })
})

test('what an adapter reads is ours too', async () => {
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({ take: 'ours', payloads: [flatPayload] }, scope),
  )
  expect((await pushOne(worker, { title: 'Flat' })).title).toBe('Flat')
  expect((await worker.push({ other: 1 })).shown).toEqual([])
})

test('the app may say itself which of the others are ours, also empty ones', async () => {
  const request = vi.fn(() => ({ notification: { title: 'Fetched' } }))
  const asked: unknown[] = []
  const take = (payload: unknown) => {
    asked.push(payload)
    return payload === undefined
  }
  await using worker = await load({ take, parts: [fetchMessage(request)] })
  const { shown } = await worker.push()
  expect(shown.map(({ title }) => title)).toContain('Fetched')
  await pushOne(worker, { other: 'Hello' })
  await pushOne(worker, ours('chat'))
  expect(asked).toEqual([undefined, { other: 'Hello' }])
})

describe('a second push worker in one scope', () => {
  test('is refused, saying why', async () => {
    const twice = loadPushWorker((scope) => {
      createPushWorker({}, scope)
      createPushWorker({}, scope)
    })
    await expect(twice).rejects.toMatchObject({
      cause: { name: 'TypeError', message: expect.stringContaining('createPushWorker must be') },
    })
  })

  test('leaves the first one at work when the app catches it', async () => {
    await using worker = await loadPushWorker((scope) => {
      createPushWorker({ fallback: { title: 'First' } }, scope)
      expect(() => createPushWorker({ fallback: { title: 'Second' } }, scope)).toThrow(TypeError)
    })
    expect((await pushOne(worker)).title).toBe('First')
  })

  test('may be tried again after one whose options were wrong', async () => {
    await using worker = await loadPushWorker((scope) => {
      expect(() => createPushWorker({ fallback: { title: '' } }, scope)).toThrow(TypeError)
      createPushWorker({ fallback: { title: 'Right' } }, scope)
    })
    expect((await pushOne(worker)).title).toBe('Right')
  })

  test('is the same worker again after a restart, and no second one', async () => {
    await using worker = await load({})
    await worker.restart()
    expect((await pushOne(worker, ours('chat'))).title).toBe('Acme')
  })
})

describe('a new version of the worker', () => {
  /** Each start of the worker runs the next version of the app's script. */
  async function loadVersions() {
    let version = 0
    const worker = await loadPushWorker((scope) => {
      version += 1
      const title = `Version ${version}`
      createPushWorker({}, scope).on('chat', {
        notification: () => ({ title, navigate: `/v${version}` }),
      })
    })
    return { worker, update: () => worker.restart() }
  }

  test('takes the pushes that come after it', async () => {
    const { worker, update } = await loadVersions()
    await using _ = worker
    await pushOne(worker, ours('chat'))
    await update()
    expect((await pushOne(worker, ours('chat', 0, { id: 'm2' }))).title).toBe('Version 2')
  })

  test('shows no message a second time that the old one has shown', async () => {
    const { worker, update } = await loadVersions()
    await using _ = worker
    await pushOne(worker, ours('chat'))
    await update()
    expect((await worker.push(ours('chat'))).shown).toEqual([])
  })

  test('answers the click on a notification of the old one as that said', async () => {
    const { worker, update } = await loadVersions()
    await using _ = worker
    const notification = await pushOne(worker, ours('chat'))
    await update()
    await worker.click(notification)
    expect(worker.windows.map(({ url }) => url)).toEqual([`${home}v1`])
  })
})
