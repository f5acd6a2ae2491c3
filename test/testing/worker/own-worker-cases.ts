import * as fc from 'fast-check'
import type { MessageContent } from '../../../src/shared/message-content.ts'
import { maximumOctets, writeMessage } from '../../../src/shared/write-message.ts'
import type { WorkerEngine } from '../../../src/testing/worker/index.ts'
import type { OwnWorkerHost, SeenNotification } from './own-worker-host.ts'

/** Something that our worker does, and what comes of it in each engine. */
export interface OwnWorkerCase {
  readonly name: string
  readonly run: (host: OwnWorkerHost) => Promise<unknown>
  readonly expected: Readonly<Record<WorkerEngine, unknown>>
}

const write = (message: MessageContent) => writeMessage(message, { id: crypto.randomUUID() })

/** Where the engines do not differ. */
function everywhere(value: unknown): OwnWorkerCase['expected'] {
  return { chromium: value, firefox: value, webkit: value }
}

const titles = (shown: readonly SeenNotification[]) => shown.map(({ title }) => title)

/** One push, and the titles of all that is shown for it. */
function shows(
  name: string,
  payload: string | Uint8Array | undefined,
  title: string,
): OwnWorkerCase {
  return {
    name: `a push ${name} shows exactly one notification`,
    run: async (host) => titles(await host.push(payload)),
    expected: everywhere([title]),
  }
}

const full = {
  title: 'Full',
  body: 'x'.repeat(
    maximumOctets - JSON.stringify({ notification: { title: 'Full', body: '' } }).length,
  ),
}

const declared = { web_push: 8030, notification: { title: 'Declared', navigate: '/declared' } }

/** A push always ends with one notification. */
const pushCases: readonly OwnWorkerCase[] = [
  {
    name: 'a push shows what its route describes',
    run: (host) => host.push(write({ type: 'text', data: { title: 'T', body: 'B & <C>' } })),
    expected: everywhere([{ title: 'T', body: 'B & <C>', buttons: [] }]),
  },
  {
    name: 'a push of the longest payload is shown whole',
    run: async (host) => {
      const shown = await host.push(JSON.stringify({ notification: full }))
      return shown.map(({ title, body }) => ({ title, body }))
    },
    expected: everywhere([full]),
  },
  shows('that is empty', undefined, 'Fallback'),
  shows('of text', 'Hello', 'Fallback'),
  shows('that is not JSON', '{"pushwell":', 'Fallback'),
  shows('of bytes that are no text', new Uint8Array([0, 255, 254, 128]), 'Fallback'),
  shows('that is JSON of the wrong shape', '[{"title":[1]}]', 'Fallback'),
  shows('whose fields have the wrong types', '{"notification":{"title":7}}', 'Fallback'),
  shows(
    'with a byte order mark',
    `\uFEFF${write({ type: 'text', data: { title: 'Marked' } })}`,
    'Marked',
  ),
  shows('of a type without a route', write({ type: 'unknown' }), 'Fallback'),
  shows('whose route throws', write({ type: 'throws' }), 'Fallback'),
  shows('whose route rejects', write({ type: 'rejects' }), 'Fallback'),
  shows('whose route never settles', write({ type: 'hangs' }), 'Fallback'),
  shows('whose route gives nonsense', write({ type: 'nonsense' }), 'Fallback'),
  shows('whose route gives what cannot be cloned', write({ type: 'uncloneable' }), 'Uncloneable'),
  shows('whose route gives what the browser refuses', write({ type: 'refused' }), 'Refused'),
  shows(
    'with a notification of its own, whose route throws,',
    write({ type: 'throws', notification: { title: 'From the sender', body: 'Hello' } }),
    'From the sender',
  ),
  shows('that is declarative', JSON.stringify(declared), 'Declared'),
  shows(
    'that is declarative and may be changed',
    JSON.stringify({ ...declared, mutable: true }),
    'Declared',
  ),
  {
    name: 'a push of any bytes shows exactly one notification',
    async run(host) {
      const counts: number[] = []
      for (const bytes of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 200 }), {
        numRuns: 8,
        seed: 8030,
      })) {
        counts.push((await host.push(bytes)).length)
      }
      return counts
    },
    expected: everywhere([1, 1, 1, 1, 1, 1, 1, 1]),
  },
]

const order = (id: number) => write({ type: 'order', data: { id } })

/** What becomes of a notification. */
const notificationCases: readonly OwnWorkerCase[] = [
  {
    name: 'the same tag replaces the notification that has it',
    async run(host) {
      const first = await host.push(write({ type: 'tagged', data: { title: 'First' } }))
      const second = await host.push(write({ type: 'tagged', data: { title: 'Second' } }))
      await host.isGone('First')
      await host.dismiss('Second')
      return titles([...first, ...second])
    },
    expected: everywhere(['First', 'Second']),
  },
  {
    name: 'a click opens the notification’s page, and takes it off the screen',
    async run(host) {
      await host.closeWindows()
      await host.push(order(1))
      await host.click('Order 1')
      const windows = await host.arrivesAt('/orders/1')
      await host.isGone('Order 1')
      return windows
    },
    expected: everywhere({ there: 1, all: 1 }),
  },
  {
    name: 'a click on a button opens the button’s page',
    async run(host) {
      await host.closeWindows()
      const [shown] = await host.push(order(2))
      if (!shown?.buttons.includes('Track')) return shown?.buttons
      await host.click('Order 2', 'Track')
      return host.arrivesAt('/track/2')
    },
    expected: {
      chromium: { there: 1, all: 1 },
      firefox: { there: 1, all: 1 },
      // WebKit knows no actions (MDN's compatibility data: Safari 18.5 has none).
      webkit: [],
    },
  },
  {
    name: 'a click focuses the window that is there already, and opens no other',
    async run(host) {
      await host.closeWindows()
      await host.openWindow('/orders/3')
      await host.openWindow('/inbox')
      await host.leaveApp()
      await host.push(order(3))
      await host.click('Order 3')
      return host.arrivesAt('/orders/3')
    },
    expected: everywhere({ there: 1, all: 2 }),
  },
  {
    // A window that the user is at: one in the background loses the focus that it was given when it
    // is navigated (Firefox 153, headless and not).
    name: 'a click takes the window that the user is at to the page when none is there',
    async run(host) {
      await host.closeWindows()
      await host.openWindow('/inbox')
      await host.push(order(4))
      await host.click('Order 4')
      return host.arrivesAt('/orders/4')
    },
    expected: everywhere({ there: 1, all: 1 }),
  },
  {
    name: 'a dismissed notification is gone from the browser, and opens nothing',
    async run(host) {
      await host.push(order(5))
      await host.dismiss('Order 5')
      await host.isGone('Order 5')
      const [after] = await host.push(write({ type: 'text', data: { title: 'After it' } }))
      const { there } = await host.windowsAt('/orders/5')
      return { after: after?.title, there }
    },
    expected: everywhere({ after: 'After it', there: 0 }),
  },
]

/** What our own worker does, wherever it runs: the worker of `test/browser/fixtures/sw.js`. */
export const ownWorkerCases: readonly OwnWorkerCase[] = [...pushCases, ...notificationCases]
