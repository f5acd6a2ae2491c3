import { setTimeout as delay } from 'node:timers/promises'
import { createPushSender, generateVapidKeys } from '../../src/server/index.ts'
import { withDeadline } from '../../src/shared/deadline.ts'
import {
  type BrowserEngine,
  launchBrowser,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import type { Random } from './random.ts'
import { graceMs, makeCase, makeConditions, type SilenceCase } from './silence-cases.ts'
import { startSilenceSite, subscribeSilently, tellWorker } from './silence-site.ts'
import type { SilenceTally } from './silence-tally.ts'

const deadlineMs = 450
/**
 * After which no route is heard any more; and Firefox has looked for each push whether something is
 * visible, which it does after three seconds: sixteen times nothing, and the subscription is gone.
 */
const lateMs = 8 * deadlineMs
/** Messages at the same moment. */
const batchSize = 25
/** How long a batch is watched before its silence is taken for one. */
const patienceMs = 60_000
/**
 * After so many milliseconds a notification is late. In Chromium from the event to the last call of
 * `showNotification`, one push at a time; in Firefox from the sending until the whole batch is on the
 * desktop, within the three seconds that it waits.
 */
export const browserLimitMs: Readonly<Record<BrowserEngine, number>> = {
  chromium: deadlineMs + graceMs + 250,
  firefox: 3000,
}

/** Runs so many cases in a stock browser. */
export async function silenceInBrowser(
  engine: BrowserEngine,
  count: number,
  random: Random,
  tally: SilenceTally,
): Promise<void> {
  await using campaign = await startCampaign(engine)
  const { desktop } = campaign
  // It makes the database, into which the worker writes who is signed in.
  await campaign.send(undefined)
  await campaign.settle()
  await campaign.tell({ recipient: 'anna' })
  for (const shown of desktop.notifications) desktop.dismiss(shown)
  for (let first = 0; first < count; first += batchSize) {
    const conditions = makeConditions(random)
    await campaign.tell(conditions)
    const length = Math.min(batchSize, count - first)
    const cases = Array.from({ length }, (_, at) => makeCase(random, first + at, deadlineMs))
    tally.countBatch(cases, `${engine}, ${JSON.stringify(conditions)}`, await run(cases, campaign))
    for (const shown of desktop.notifications) desktop.dismiss(shown)
  }
}

type Campaign = Awaited<ReturnType<typeof startCampaign>>

async function run(cases: readonly SilenceCase[], campaign: Campaign) {
  const { engine, desktop, service } = campaign
  const before = desktop.history.length
  const already = service.messages.length
  const sendAll = (wanted: (one: SilenceCase) => number) =>
    Promise.all(
      cases.flatMap((one) => Array.from({ length: wanted(one) }, () => campaign.send(one.payload))),
    )
  await sendAll(({ atOnce, deliveries }) => (atOnce ? deliveries : 1))
  const sent = Date.now()
  const isThere = () => desktop.notifications.length >= cases.length
  await desktop.waitFor(isThere, { timeoutMs: patienceMs }).catch(() => undefined)
  const shownMs = Date.now() - sent
  await sendAll(({ atOnce, deliveries }) => (atOnce ? 0 : deliveries - 1))
  const { slowestMs } = await campaign.settle()
  // What comes late is not waited for by the push; it must come before the screen is judged.
  await delay(lateMs)
  const onScreen = desktop.notifications.length
  const loud = desktop.history.slice(before).filter(({ silent }) => !silent).length
  return {
    silent: Math.max(0, cases.length - onScreen),
    double: Math.max(0, onScreen - cases.length, loud - cases.length),
    failed: service.messages.slice(already).filter(({ code }) => code !== 100).length,
    // Chromium begins with a push when the one before is over, however long that has taken.
    milliseconds: engine === 'chromium' ? slowestMs : shownMs,
    shown: desktop.history.slice(before).map(({ title, silent, ended, shownAt }) => {
      return [title, shownAt - sent, ...(silent ? ['silent'] : []), ...(ended ? [ended] : [])]
    }),
  }
}

async function startCampaign(engine: BrowserEngine) {
  const parts = new AsyncDisposableStack()
  try {
    const service = parts.use(await startPushService())
    const desktop = parts.use(await startDesktop())
    const site = parts.use(await startSilenceSite())
    const permissions = { [site.origin]: 'granted' } as const
    const browser = parts.use(await launchBrowser(engine, { service, desktop, permissions }))
    const keys = await generateVapidKeys()
    const page = await browser.newPage(site.origin)
    const subscription = await subscribeSilently(page, keys.publicKey, deadlineMs)
    const vapid = { subject: 'mailto:test@pushwell.example', ...keys }
    const sender = createPushSender({ vapid, endpoints: () => true, fetch: service.fetch })
    let pushes = 0
    const tell = (silence: object) => tellWorker(page, silence)
    return {
      engine,
      service,
      desktop,
      tell,
      async send(payload: Uint8Array | undefined) {
        const outcome = await sender.send(subscription, payload ? { payload } : null)
        if (outcome.status !== 'accepted') throw new Error(`A message was ${outcome.status}.`)
        pushes += 1
      },
      /** Waits until the worker is done with all that was sent, and the browser has said so. */
      async settle() {
        // A worker that was ended meanwhile has forgotten how many came.
        const answer = await withDeadline(tell({ pushes }), patienceMs, 'The worker')
        const isSettled = () => service.messages.every(({ code }) => code !== undefined)
        await service.waitFor(isSettled, { timeoutMs: patienceMs })
        return answer
      },
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    }
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}
