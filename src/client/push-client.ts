import { createClickLog } from '../shared/click-log.ts'
import { createDatabaseConnection } from '../shared/database-connection.ts'
import { withDeadline } from '../shared/deadline.ts'
import { emptyInbox } from '../shared/inbox.ts'
import { keyMoveScope } from '../shared/key-move-scope.ts'
import type { MessageDefinitions } from '../shared/message.ts'
import type { RegistrationRecord } from '../shared/registration-record.ts'
import { createRegistrationRecords } from '../shared/registration-records.ts'
import type { DrainReason } from '../shared/sync-retry.ts'
import { createHttpTransport } from '../shared/sync-transport.ts'
import { version } from '../shared/version.ts'
import { mayAsk } from './ask-policy.ts'
import { clearBadge } from './clear-badge.ts'
import { createClientCore } from './client-core.ts'
import { type DebugEntry, diagnose, outboxReport } from './diagnosis.ts'
import { forgetting, identifying, taggedWith } from './identity.ts'
import { createKeyMove } from './key-move.ts'
import { createPageEvents, type PageClick, type TakeClicks } from './page-events.ts'
import { browserPlatform, type PagePlatform } from './page-platform.ts'
import { closePrivateNotifications } from './private-notifications.ts'
import type { PushClient } from './push-client-methods.ts'
import type { PushClientOptions } from './push-client-options.ts'
import { reportErrors } from './report-errors.ts'
import { wakeOutboxes } from './wake-outboxes.ts'
import { createWakeUps } from './wake-ups.ts'
import { openWorkerChannel } from './worker-channel.ts'
import { updateOutdatedWorker } from './worker-version.ts'

/**
 * Makes a push client. Nothing happens, and nothing of the browser is read, until one of its
 * methods is called.
 *
 * @param platform - The browser; a test passes its own.
 */
export function createPushClient<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushClientOptions<Definitions>,
  platform?: PagePlatform,
): PushClient<Definitions> {
  const { sync, timeoutMs = 15_000, settleMs = 60_000, signal, debug, serviceWorker } = options
  const page = () => platform ?? browserPlatform()
  const database = createDatabaseConnection()
  const records = createRegistrationRecords(database)
  const clicks = createClickLog(database)
  const take: TakeClicks = (of, wanted) => clicks.take(of, wanted)
  const events = createPageEvents(page, take, signal, options)
  const http = sync && !('put' in sync) ? sync : undefined
  let tellOthers: (() => void) | undefined
  let isListening = false

  const core = createClientCore(options, page, {
    records,
    hasBackend: sync !== false,
    transport: ({ fetch }) => {
      if (!sync || 'put' in sync) return sync || undefined
      return createHttpTransport({ ...sync, url: new Request(sync.url).url, fetch })
    },
    description: ({ language, platform: system }) => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
      const sdk = `pushwell/${version}`
      return {
        // Read whenever the record is written: the user may have changed the language meanwhile.
        get client() {
          const chosen = options.language?.() || language
          return { language: chosen, timeZone, sdk, platform: system || undefined }
        },
        syncUrl: http && new Request(http.url).url,
        heartbeatMs: http && (http.heartbeatMs ?? 86_400_000),
      }
    },
    keyMove: (parts) => (lifecycle) => {
      const workerType =
        typeof serviceWorker === 'object' && 'type' in serviceWorker
          ? serviceWorker.type
          : undefined
      const move = { settleMs, loadedAt: page().now(), ...(workerType && { workerType }) }
      return createKeyMove({ ...parts, ...move }, lifecycle)
    },
    onDone: () => tell(),
  })
  const { reconcile, look, ready } = core

  const schedule = () => wakeUps.schedule(core.record(), settleMs)

  /** Tells whom it concerns that something may have changed. */
  const tell = () => {
    tellOthers?.()
    schedule()
    if (!debug) return
    const { failures = [] } = core.record() ?? {}
    const outbox = outboxReport(core.record(), page().now())
    const entry: DebugEntry = { state: core.state, outbox, failures }
    // oxlint-disable-next-line no-console -- this is what the option is for
    if (debug === true) console.debug('pushwell', entry)
    else reportErrors(() => debug(entry))
  }

  const wakeUps = createWakeUps(page, signal, async (reason: DrainReason) => {
    if (/focus|online/.test(reason)) await attend()
    await reconcile(reason)
  })

  /** What a tab does when the user turns to it. */
  const attend = async () => {
    const { target } = await ready()
    events.stand(target.scope)
    // Without a database there are none.
    await events.takeClicks(target.scope).catch(() => undefined)
    await wakeOutboxes(database, target.registration).catch(() => undefined)
  }

  const listen = async () => {
    if (isListening || core.isUnsupported()) return
    isListening = true
    try {
      const starting = ready()
      const post = openWorkerChannel(
        page(),
        starting.then(({ target }) => target.scope),
        (message, answer) => {
          if (message.kind !== 'changed') events.receive(message, answer)
          // The tab that would have tried again may be gone by then.
          else look().then(schedule, () => undefined)
        },
        signal,
      )
      const { scope, registration } = (await starting).target
      tellOthers = () => post({ pushwell: 1, scope, kind: 'changed' })
      wakeUps.listen()
      await attend()
      if (registration) updateOutdatedWorker(registration).catch(() => undefined)
    } catch (error) {
      isListening = false
      throw error
    }
  }

  /** Takes what was shown and clicked for somebody else from the screen and the disk. */
  const clearLeftovers = async (
    scope: string,
    registration: ServiceWorkerRegistration | undefined,
    recipient: string | null,
  ) => {
    const close = async () => {
      // The second registration of a key move may have shown some too.
      const second = await page().serviceWorker?.getRegistration?.(keyMoveScope(scope))
      const closings = [registration, second].map((one) =>
        closePrivateNotifications(one, recipient),
      )
      await Promise.allSettled(closings)
    }
    await Promise.allSettled([
      withDeadline(close(), timeoutMs, 'getNotifications()', signal),
      clicks.take(scope, () => true),
      emptyInbox(database, scope),
      clearBadge(),
    ])
  }

  /** Writes down at once what the app says of its user, and tells the backend after it. */
  const decide = async (change: (record: RegistrationRecord) => RegistrationRecord) => {
    if (core.isUnsupported()) return look()
    const lifecycle = await ready()
    const { scope, registration } = lifecycle.target
    const before = (await records.get(scope))?.recipient
    const { recipient = null } = await records.update(scope, change)
    // What the user before has left here is nobody else's to see.
    const isOther = typeof before === 'string' && before !== recipient
    const leftovers = isOther ? clearLeftovers(scope, registration, recipient) : undefined
    await lifecycle.drain('change')
    await leftovers
    const state = await look()
    tell()
    return state
  }

  return {
    get state() {
      return core.state
    },
    onChange: core.onChange,
    async prepare() {
      await listen()
      return core.prepare()
    },
    enable: core.enable,
    disable: core.disable,
    async identify(recipient, identity = {}) {
      return decide(identifying(recipient, identity))
    },
    forget: () => decide(forgetting),
    async setTags(tags) {
      return decide(taggedWith(tags))
    },
    onMessage: (type, listener) => events.onMessage(type, listener),
    onClick: (type, listener) => events.onClick(type, listener as (click: PageClick) => void),
    canAsk: () =>
      core.state.status === 'prompt' &&
      mayAsk(core.record()?.answers, page().now(), options.askAgainAfterDays),
    async postpone() {
      if (core.isUnsupported()) return
      await core.remember('postponed')
      await look()
      tell()
    },
    async diagnose() {
      const lifecycle = core.isUnsupported() ? undefined : await ready().catch(() => undefined)
      const state = await look()
      return diagnose(page(), state, core.record(), lifecycle, records.persistent)
    },
  }
}
