import { describe, expect, test } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import { openUrl } from '../../sw/open-url.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'
import { home, loadPushWorker, ours, present, pushOne } from './load-push-worker.ts'
import { clickShown } from './click-shown.ts'

describe('a click with windows open', () => {
  const notification = { navigate: '/orders/42' }
  const there = 'https://app.example/orders/42'

  test('focuses the one at the URL, also one that no worker controls', async () => {
    const { focused, navigated, opened } = await clickShown({
      notification,
      windows: [{ url: '/' }, { url: there, controlled: false }],
    })
    expect({ focused, navigated, opened }).toEqual({ focused: [there], navigated: [], opened: [] })
  })

  test('focuses and navigates one of the app, the focused one first', async () => {
    const { windows, opened } = await clickShown({
      notification,
      windows: [{ url: '/a' }, { url: '/b', focused: true }],
    })
    expect(windows).toEqual([
      { url: there, focused: true },
      { url: 'https://app.example/a', focused: false },
    ])
    expect(opened).toEqual([])
  })

  test('opens one when those of the app cannot be navigated', async () => {
    const { opened } = await clickShown({
      notification,
      windows: [{ url: '/a', controlled: false }],
    })
    expect(opened).toEqual([there])
  })

  test('opens one when the chosen one is just closing', async () => {
    await using worker = await loadPushWorker(
      (scope) =>
        createPushWorker({}, scope).on('any', {
          notification: () => ({ title: 'Title' }),
          click: async ({ open }) => {
            const opening = open()
            worker.closeWindow(window)
            await opening
          },
        }),
      { windows: [{ url: '/' }], engine: 'firefox' },
    )
    const window = present(worker.windows[0])
    const { opened, focused } = await worker.click(await pushOne(worker, ours('any')))
    expect({ opened, focused }).toEqual({ opened: [home], focused: [] })
  })

  test('does not take a window of the app to another origin', async () => {
    const { opened } = await clickShown({
      notification: { navigate: 'https://partner.example/a' },
      windows: [{ url: '/a' }],
    })
    expect(opened).toEqual(['https://partner.example/a'])
  })

  test('does not take a frame inside a page for a window', async () => {
    const opened: string[] = []
    const frame = { id: '1', url: there, focused: true, frameType: 'nested' }
    const clients = {
      matchAll: () => Promise.resolve([frame]),
      openWindow: (url: string) => Promise.resolve(opened.push(url) && null),
    }
    await openUrl({ home, options: {}, scope: { clients } } as unknown as WorkerContext, there)
    expect(opened).toEqual([there])
  })
})

describe('a window that is focused and then cannot be navigated', () => {
  /** A worker with one window, and what its page is told, in a browser that lets it do so much. */
  async function follow(mayOpen: boolean) {
    const told: unknown[] = []
    const window = {
      id: '1',
      url: `${home}other`,
      focused: false,
      focus: () => Promise.resolve(window),
      navigate: () => Promise.reject(new TypeError('no')),
      postMessage: (message: unknown) => told.push(message),
    }
    const opened: string[] = []
    await using worker = await loadPushWorker((scope) => {
      Object.assign(scope.clients, {
        matchAll: () => Promise.resolve([window]),
        openWindow: (url: string) =>
          mayOpen
            ? Promise.resolve(opened.push(url) && null)
            : Promise.reject(new DOMException('no', 'InvalidAccessError')),
      })
      createPushWorker({}, scope)
    })
    const payload = { notification: { title: 'T', navigate: '/there' }, ...ours('any') }
    const { failed } = await worker.click(await pushOne(worker, payload))
    return { failed, opened, told }
  }

  test('is told of the click where no other may be opened any more', async () => {
    const { failed, told } = await follow(false)
    expect(failed).toBeUndefined()
    expect(told).toMatchObject([{ kind: 'navigate' }, { kind: 'click', click: { id: 'm1' } }])
  })

  test('is left for a new one where that may be opened', async () => {
    expect((await follow(true)).opened).toEqual([`${home}there`])
  })
})
