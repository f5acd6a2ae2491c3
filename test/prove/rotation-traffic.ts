import { setTimeout as delay } from 'node:timers/promises'
import type { PushSender } from '../../src/server/index.ts'
import type { World } from '../browser/world.ts'
import type { Random } from './random.ts'
import { until } from './until.ts'

/** What is sent, and how. */
export interface TrafficOptions {
  readonly sender: PushSender
  /** The tags of the rows to send to. */
  readonly scopes: readonly string[]
  readonly random: Random
  /** The longest time between the reading of a row and the sending to it. */
  readonly longestLatencyMs: number
}

/** What came of it. */
export interface TrafficFigures {
  readonly sent: number
  /** How many of them went to an endpoint that no row had any more by then. */
  readonly late: number
  readonly refused: number
  readonly lost: number
  readonly repeated: number
}

/** Messages that are sent without a pause. */
export interface Traffic {
  /**
   * Keeps messages at the service from now on, if it comes to it in time until one waits at an
   * endpoint that no row has any more, and until those that are under way are shown.
   */
  pauseDelivery(patienceMs: number): Promise<void>
  resumeDelivery(): void
  /** Sends no more, waits until everything is shown, and counts. */
  end(): Promise<TrafficFigures>
}

/** How many senders there are, each with one message under way. */
const senders = 3

/** Sends to the devices' rows, whichever they are, until it is ended. */
export function startSending(
  { desktop, service, site }: World,
  { sender, scopes, random, longestLatencyMs }: TrafficOptions,
): Traffic {
  const ending = new AbortController()
  const accepted: string[] = []
  const refusals: string[] = []
  let number = 0
  let late = 0
  const isHeld = async (endpoint: string) =>
    (await site.rows()).some(({ subscription }) => subscription.endpoint === endpoint)

  const sendOne = async () => {
    const scope = scopes[random.below(scopes.length)] ?? ''
    const row = (await site.rows()).find(({ tags }) => tags.includes(scope))
    const title = `Message ${(number += 1)} to ${scope}`
    if (!row) return refusals.push(`${title}: no row`)
    const { subscription, applicationServerKey } = row
    await delay(random.below(longestLatencyMs))
    const message = { type: 'text', data: { title } }
    const outcome = await sender.send(subscription, message, { applicationServerKey })
    if (outcome.status !== 'accepted') return refusals.push(`${title}: ${outcome.status}`)
    if (!(await isHeld(subscription.endpoint))) late += 1
    return accepted.push(title)
  }
  const sending = Promise.all(
    Array.from({ length: senders }, async () => {
      while (!ending.signal.aborted) await sendOne()
    }),
  )
  sending.catch(() => undefined)
  const shown = (title: string) => desktop.history.filter((one) => one.title === title).length

  return {
    async pauseDelivery(patienceMs) {
      const before = late
      service.hold()
      await until(async () => late > before, patienceMs).catch(() => undefined)
      const taken = () => service.messages.filter(({ status }) => status === 'acknowledged').length
      const isQuiet = () =>
        service.messages.every(({ status }) => status !== 'sent') &&
        desktop.history.length >= taken()
      // What the browser has taken and never shows is counted at the end.
      await until(async () => isQuiet(), 10_000).catch(() => undefined)
    },
    resumeDelivery: () => service.release(),
    async end() {
      ending.abort()
      await sending
      const isShown = async () => accepted.every((title) => shown(title) > 0)
      // Chromium may take half a minute to connect again.
      await until(isShown, 45_000).catch(() => undefined)
      for (const refusal of refusals) console.error(refusal)
      const lost = accepted.filter((title) => shown(title) === 0)
      for (const title of lost) console.error(`Lost: ${title}`)
      return {
        sent: accepted.length,
        late,
        refused: refusals.length,
        lost: lost.length,
        repeated: accepted.filter((title) => shown(title) > 1).length,
      }
    },
  }
}
