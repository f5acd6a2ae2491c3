import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  loadWorker,
  type LoadedWorker,
  type ShownNotification,
  type WorkerEngine,
} from '../../../src/testing/worker/index.ts'
import { distFolder } from '../../package/built-package.ts'
import { ownWorkerCases } from './own-worker-cases.ts'
import type { AppWindows, OwnWorkerHost } from './own-worker-host.ts'

const script = new URL('../../browser/fixtures/sw.js?deadline=300', import.meta.url)

function hostOf(worker: LoadedWorker): OwnWorkerHost {
  const onScreen = (title: string): ShownNotification => {
    const found = worker.notifications.find((shown) => shown.title === title)
    if (found) return found
    throw new Error(`${title} is not on the screen.`)
  }
  const isAt = (wanted: string) => (window: { readonly url: string }) =>
    new URL(window.url).pathname === wanted
  const windowsAt = (wanted: string): AppWindows => ({
    there: worker.windows.filter(isAt(wanted)).length,
    all: worker.windows.length,
  })
  return {
    async push(payload) {
      const { shown, ...rest } = await worker.push(payload)
      if (rest.penalty !== 'none') throw new Error(`The push costs: ${rest.penalty}.`)
      if ('failed' in rest) throw rest.failed
      return shown.map(({ title, body, actions = [] }) => ({
        title,
        body,
        buttons: actions.map((action) => action.title),
      }))
    },
    async click(title, button) {
      const shown = onScreen(title)
      const action = shown.actions?.find((one) => one.title === button)?.action
      const { failed } = await worker.click(shown, action)
      if (failed) throw failed
    },
    async dismiss(title) {
      await worker.close(onScreen(title))
    },
    isGone(title) {
      const isThere = worker.notifications.some((shown) => shown.title === title)
      return isThere ? Promise.reject(new Error(`${title} is on the screen.`)) : Promise.resolve()
    },
    openWindow(wanted) {
      worker.openWindow({ url: wanted, focused: true })
      return Promise.resolve()
    },
    leaveApp: () => Promise.resolve(),
    closeWindows() {
      for (const window of worker.windows) worker.closeWindow(window)
      return Promise.resolve()
    },
    arrivesAt(wanted) {
      const focused = worker.windows.find((window) => window.focused)
      if (focused && isAt(wanted)(focused)) return Promise.resolve(windowsAt(wanted))
      return Promise.reject(new Error(`The focus is at ${focused?.url}.`))
    },
    windowsAt: (wanted) => Promise.resolve(windowsAt(wanted)),
  }
}

describe.concurrent.each<WorkerEngine>(['chromium', 'firefox', 'webkit'])(
  'our worker in %s',
  (engine) => {
    // A route that never settles takes its time: the others need not wait for it.
    test.each(ownWorkerCases)('$name', async ({ run, expected }) => {
      const built = await readFile(path.join(distFolder(), 'pushwell-sw.global.js'), 'utf8')
      await using worker = await loadWorker(script, {
        engine,
        scripts: { '/pushwell-sw.global.js': built },
      })
      expect(await run(hostOf(worker))).toEqual(expected[engine])
      expect(worker.errors).toEqual([])
    })
  },
)
