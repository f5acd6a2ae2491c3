import type { PushwellErrorCode } from '../shared/errors.ts'
import type { WorkerReport } from '../shared/channel.ts'
import { nextRequest } from '../shared/outbox.ts'
import type { PushFailure } from '../shared/push-failure.ts'
import type { RecordedFailure, RegistrationRecord } from '../shared/registration-record.ts'
import { version } from '../shared/version.ts'
import type { PagePlatform } from './page-platform.ts'
import type { PushState } from './push-state.ts'
import type { SubscriptionLifecycle } from './subscription-lifecycle.ts'
import { workerReport, workerVersion } from './worker-version.ts'

/** How many things that went wrong are told of. */
const kept = 20

/** Everything that tells why pushes do or do not work here. Plain, and without anything secret. */
export interface PushDiagnosis {
  /** Name and version of this client. */
  readonly sdk: string
  readonly state: PushState
  readonly environment: EnvironmentReport
  readonly permission: NotificationPermission | 'unavailable'
  /** `null` when there is none, or no worker is wanted. */
  readonly registration: RegistrationReport | null
  /** `null` when the browser holds none. */
  readonly subscription: SubscriptionReport | null
  readonly outbox: OutboxReport
  /** Whether somebody is signed in here, as `identify()` and `forget()` said. */
  readonly identity: 'never-told' | 'signed-in' | 'signed-out'
  /** The last things that went wrong, the last one last. */
  readonly failures: readonly RecordedFailure[]
  /**
   * What went wrong with the last pushes, the last one last; twenty at the most. Without storage, as
   * far as the worker that runs knows.
   */
  readonly pushFailures: readonly PushFailure[]
}

/** What the browser has. */
export interface EnvironmentReport {
  readonly secureContext: boolean
  readonly crossOriginFrame: boolean
  readonly serviceWorker: boolean
  readonly pushManager: boolean
  readonly windowPushManager: boolean
  readonly notification: boolean
  readonly locks: boolean
  readonly broadcastChannel: boolean
  /** `navigator.standalone`: on Apple's phones and tablets, whether the app is installed. */
  readonly standalone: boolean | null
  readonly language: string | null
  readonly platform: string | null
  /** Whether the page can store anything; with `memory`, all is forgotten when it is left. */
  readonly storage: 'persistent' | 'memory'
}

/** The service worker. */
export interface RegistrationReport {
  readonly scope: string
  readonly script: string | null
  readonly state: ServiceWorkerState | null
  /** Whether a newer worker waits for the app's tabs to close. */
  readonly isUpdateWaiting: boolean
  /** The worker's version of Pushwell; `null` when it does not say. */
  readonly version: string | null
  /**
   * Whether the worker can store anything. With `memory`, what it knows of messages and failures is
   * forgotten whenever the browser ends it, and there are no inbox and no receipts. `null` when it
   * does not say.
   */
  readonly storage: 'persistent' | 'memory' | null
}

/** The subscription. */
export interface SubscriptionReport {
  /** Milliseconds since it was made; `null` when it was there before. */
  readonly ageMs: number | null
  readonly expirationTime: number | null
  /** Where a move to another key stands. */
  readonly keyMove: 'bridge' | 'settle' | 'asked-for' | null
}

/** What the backend has still to be told. */
export interface OutboxReport {
  readonly next: 'PUT' | 'DELETE' | null
  /** How many endpoints the backend may hold of this browser. */
  readonly mayHold: number
  readonly reason: PushwellErrorCode | null
  readonly attempts: number
  /** Milliseconds since 1970; `null` when nothing waits, or nothing but a sign-in helps. */
  readonly nextTry: number | null
  /** Milliseconds since 1970. */
  readonly acknowledgedAt: number | null
}

/** One line of what the `debug` option tells. */
export interface DebugEntry {
  readonly state: PushState
  readonly outbox: OutboxReport
  /** The last things that went wrong, the last one last. */
  readonly failures: readonly RecordedFailure[]
}

/** Writes the report of an outbox. */
export function outboxReport(record: RegistrationRecord | undefined, now: number): OutboxReport {
  const retry = record?.retry
  const nextTry = retry?.nextTry ?? null
  return {
    next: (record && nextRequest(record, now, 0)?.method) ?? null,
    mayHold: record?.mayHold.length ?? 0,
    reason: retry?.code ?? null,
    attempts: retry?.attempts ?? 0,
    nextTry: nextTry === Infinity ? null : nextTry,
    acknowledgedAt: record?.acknowledged?.at ?? null,
  }
}

/** Writes the whole report. */
export async function diagnose(
  page: PagePlatform,
  state: PushState,
  record: RegistrationRecord | undefined,
  lifecycle: SubscriptionLifecycle | undefined,
  isPersistent: boolean,
): Promise<PushDiagnosis> {
  const recipient = record?.recipient
  const { registration } = lifecycle?.target ?? {}
  const worker = registration?.active
  const workersVersion = worker ? await workerVersion(worker) : null
  const told = worker && workersVersion !== null ? await workerReport(worker) : null
  return {
    sdk: `pushwell/${version}`,
    state,
    environment: {
      secureContext: page.isSecureContext,
      crossOriginFrame: page.isCrossOriginFrame,
      serviceWorker: page.serviceWorker !== undefined,
      pushManager: page.hasPushManager,
      windowPushManager: page.pushManager !== undefined,
      notification: page.notification !== undefined,
      locks: page.locks !== undefined,
      broadcastChannel: page.openChannel !== undefined,
      standalone: page.standalone ?? null,
      language: page.language ?? null,
      platform: page.platform ?? null,
      storage: isPersistent ? 'persistent' : 'memory',
    },
    permission: page.notification?.permission ?? 'unavailable',
    registration: registration ? registrationReport(registration, workersVersion, told) : null,
    subscription: await subscriptionReport(page, record, lifecycle),
    outbox: outboxReport(record, page.now()),
    identity:
      recipient === undefined ? 'never-told' : recipient === null ? 'signed-out' : 'signed-in',
    failures: together(record?.failures, told?.failures),
    pushFailures: together(record?.pushFailures, told?.pushFailures),
  }
}

/** What page and worker know of what went wrong: the same, as long as both can read and write. */
function together<Failure extends RecordedFailure>(
  pages: readonly Failure[] = [],
  workers: readonly Failure[] = [],
): readonly Failure[] {
  const each = new Map([...pages, ...workers].map((one) => [JSON.stringify(one), one]))
  return [...each.values()].toSorted((a, b) => a.at - b.at).slice(-kept)
}

function registrationReport(
  { scope, active, waiting }: ServiceWorkerRegistration,
  workersVersion: string | null,
  told: WorkerReport | null,
): RegistrationReport {
  return {
    scope,
    script: active?.scriptURL ?? null,
    state: active?.state ?? null,
    isUpdateWaiting: Boolean(waiting),
    version: workersVersion,
    storage: told?.storage ?? null,
  }
}

async function subscriptionReport(
  page: PagePlatform,
  record: RegistrationRecord | undefined,
  lifecycle: SubscriptionLifecycle | undefined,
): Promise<SubscriptionReport | null> {
  const held = await lifecycle?.current().catch(() => null)
  const { hold, keyMove, rotateTo } = record ?? {}
  if (!held && !keyMove) return null
  return {
    ageMs: hold ? page.now() - hold.since : null,
    expirationTime: held?.expirationTime ?? null,
    keyMove: keyMove?.phase ?? (rotateTo === undefined ? null : 'asked-for'),
  }
}
