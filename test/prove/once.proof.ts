import { setTimeout as delay } from 'node:timers/promises'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import type { BrowserEngine, DesktopNotification, ServiceMessage } from '../../src/testing/index.ts'
import { startWorld, subscribe, type World } from '../browser/world.ts'
import { createRandom, type Random } from './random.ts'

/**
 * Sends `count` messages to each engine, each of which the push service delivers one to three times:
 * some of the copies at once, some after up to thirty other deliveries. Meanwhile workers are ended
 * at random moments, in the midst of pushes too, and the user dismisses notifications, but never the
 * last twenty: an engine makes a push show something when nothing of the app is on the screen. No
 * worker is ended while it hears of a dismissal: where both the end of the show and that of its
 * notification went unwritten, nothing is left to know the message by.
 *
 * A message is shown once when the browser called the desktop's `Notify` for it exactly once: its
 * title is its own, so that each call tells which message it is for. None at all is counted (`Lost`),
 * and so is a second one (`Repeated`), save for one kind: a call without a sound whose notification
 * takes the place, by its tag, of the message's own that is on the screen at that moment. The user
 * sees one notification, as before. A worker has to make such a call when it was ended before it
 * could write down that it had shown the message, and the browser does not list its notifications
 * in time; how often is a figure of its own (`Renewed`).
 *
 * No browser gives a worker an event again that it was ended in. So a message of which no delivery
 * was spared is delivered once more, as by a service that had no acknowledgement; these are counted
 * too (`Cut`), and have to be shown once as well.
 */
export const once: Proof = { count: 1000, browsers: ['firefox', 'chromium'], run }

/** How many deliveries the next ones may be ahead of what has come to its end. */
const ahead = 8
/** How many deliveries there are to a stop of the workers, on average. */
const stopEvery = 12
/** How many notifications the user leaves on the screen. */
const left = 20

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const figures: Record<string, number> = {}
  let failures = 0
  for (const engine of ['firefox', 'chromium'] as const) {
    const result = await onceIn(engine, count, createRandom(seed))
    failures += result.lost + result.repeated
    const named = Object.entries(result).map(([name, value]) => [
      engine + name.slice(0, 1).toUpperCase() + name.slice(1),
      value,
    ])
    Object.assign(figures, Object.fromEntries(named))
  }
  return { failures, ...figures }
}

async function onceIn(engine: BrowserEngine, count: number, random: Random) {
  await using world = await startWorld(engine)
  const { browser, desktop, sender, service } = world
  const { subscription } = await subscribe(world)
  const sent = new Map<number, ServiceMessage>()
  /** Messages that are just being delivered, no stop having come in between. */
  const underWay = new Set<number>()
  /** Messages of which one delivery at least came to its end without a stop. */
  const spared = new Set<number>()
  let deliveries = 0
  let stops = 0

  const send = async (index: number) => {
    const message = { id: `once-${index}`, type: 'text', data: { title: titleOf(index) } }
    const { status } = await sender.send(subscription, message)
    if (status !== 'accepted') throw new Error(`A message was ${status}.`)
    const accepted = service.messages.at(-1)
    if (accepted) sent.set(index, accepted)
  }
  const deliver = async (index: number) => {
    const first = sent.get(index)
    if (!first) await send(index)
    else if (!service.redeliver(first)) throw new Error('The browser is not connected.')
    deliveries += 1
    underWay.add(index)
  }
  const stop = async () => {
    await delay(random.below(40))
    stops += 1
    await browser.stopWorkers()
    underWay.clear()
  }
  /** Waits until all that is under way has been shown. */
  const settle = async () => {
    const wanted = new Set([...underWay].map(titleOf))
    for (const { title } of desktop.history) wanted.delete(title)
    if (wanted.size > 0) {
      const last = desktop.history.at(-1)
      await desktop
        .waitFor(({ title }) => wanted.delete(title) && wanted.size === 0, {
          timeoutMs: 20_000,
          ...(last && { after: last }),
        })
        // What is not there by then is lost, and is counted as such.
        .catch(() => undefined)
    }
    for (const index of underWay) spared.add(index)
    underWay.clear()
    await dismissOld(world, subscription, `Mark ${deliveries}`)
  }

  for (const index of planOf(count, random)) {
    await deliver(index)
    if (random.below(stopEvery) === 0) await stop()
    if (underWay.size >= ahead) await settle()
  }
  await settle()
  const isShown = (index: number) => shownOf(world, index) > 0
  const all = Array.from({ length: count }, (_, index) => index)
  const cut = all.filter((index) => !spared.has(index) && !isShown(index))
  for (const index of cut) await deliver(index)
  await settle()
  return {
    shown: all.filter((index) => shownOf(world, index) === 1).length,
    lost: all.filter((index) => shownOf(world, index) === 0).length,
    repeated: all.filter((index) => shownOf(world, index) > 1).length,
    renewed: all.flatMap((index) => callsFor(world, index).filter(isRenewal)).length,
    deliveries,
    stops,
    cut: cut.length,
  }
}

/** Which message each delivery is of: each message one to three times, its copies near or far. */
function planOf(count: number, random: Random): number[] {
  const placed = Array.from({ length: count }, (_, index) => {
    const copies = Array.from({ length: random.below(3) }, () => random.below(2) * random.below(30))
    return [0, ...copies].map((later, copy) => ({ index, at: index + later + copy / 10 }))
  })
  return placed
    .flat()
    .toSorted((a, b) => a.at - b.at)
    .map(({ index }) => index)
}

const titleOf = (index: number) => `Once ${index}`

function callsFor({ desktop }: World, index: number): DesktopNotification[] {
  return desktop.history.filter(({ title }) => title === titleOf(index))
}

/** How often a message was shown that was not on the screen. */
function shownOf(world: World, index: number): number {
  return callsFor(world, index).filter((...call) => !isRenewal(...call)).length
}

/** Chromium names what it replaces; Firefox shows the new one and closes the other. */
function isRenewal(
  { silent, replacesId }: DesktopNotification,
  at: number,
  calls: readonly DesktopNotification[],
): boolean {
  const before = calls[at - 1]
  if (!before || !silent) return false
  const isReplaced = before.ended === 'replaced' && before.id === replacesId
  return isReplaced || before.ended === 'closed'
}

/** Has the user dismiss what has been on the screen for a while, and the worker hear of it. */
async function dismissOld(world: World, subscription: Subscription, title: string): Promise<void> {
  const { desktop } = world
  for (const old of desktop.notifications.slice(0, -left)) desktop.dismiss(old)
  await showLast(world, subscription, title)
}

/** Waits until a message that comes after all others is shown: whatever they show has come. */
async function showLast(
  { desktop, sender }: World,
  subscription: Subscription,
  title: string,
): Promise<void> {
  await sender.send(subscription, { type: 'text', data: { title } })
  await desktop.waitFor((shown) => shown.title === title, { timeoutMs: 30_000 })
}

type Subscription = Parameters<World['sender']['send']>[0]
