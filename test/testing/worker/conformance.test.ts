import { afterAll, describe, expect, test } from 'vitest'
import {
  loadWorker,
  type LoadedWorker,
  type WorkerEngine,
} from '../../../src/testing/worker/index.ts'
import { conformanceCases } from './conformance-cases.ts'
import { type ConformanceHost, createObservations, observe } from './conformance-host.ts'

const script = new URL('conformance-worker.js', import.meta.url)

function hostOf(worker: LoadedWorker): ConformanceHost {
  const shown = (title: string) => {
    const found = worker.notifications.find((notification) => notification.title === title)
    if (found) return found
    throw new Error(`${title} is not on the screen.`)
  }
  return {
    post: (message) => {
      const [from] = worker.windows
      return worker.message(message, from && { from })
    },
    push: (payload) => worker.push(payload),
    click(title, action) {
      const notification = shown(title)
      return worker.click(notification, notification.actions ? action : '')
    },
    dismiss: (title) => worker.close(shown(title)),
  }
}

describe.each<WorkerEngine>(['firefox', 'chromium', 'webkit'])(
  'the harness as %s',
  async (engine) => {
    const observations = createObservations()
    const worker = await loadWorker(script, {
      engine,
      windows: [{ url: '/app', focused: true }],
      async fetch(request) {
        observations.take(await request.text())
        return new Response(null, { status: 204 })
      },
    })
    afterAll(() => worker.dispose())

    const cases = conformanceCases
      .filter(({ expected }) => engine in expected)
      .map((entry, index) => ({ name: entry.name, entry, id: `${index}` }))
    test.each(cases)('$name', async ({ id, entry }) => {
      expect(await observe(hostOf(worker), observations, entry, id)).toEqual(entry.expected[engine])
    })
  },
)
