import { AsyncLocalStorage } from 'node:async_hooks'
import { createEventClasses, type WorkerEventClasses } from './worker-events.ts'
import { createFakeClients, type FakeClientsParts } from './fake-clients.ts'
import { createFakeNotifications, type FakeNotifications } from './fake-notification.ts'
import { createFakePush, type FakePush } from './fake-push-manager.ts'
import { catchUnhandledRejections } from './unhandled-rejections.ts'
import {
  createPushMessageDataClass,
  type PushMessageDataClass,
  type WorkerRealm,
} from './push-message-data.ts'
import type { ShownNotification } from './notification-center.ts'
import { createWindowActivation, type WindowActivation } from './window-activation.ts'
import { createWorkerListeners, type WorkerListeners } from './worker-listeners.ts'
import type { WorkerSite } from './worker-site.ts'
import { createWorkerPorts, type WorkerPorts } from './worker-ports.ts'
import { createWorkerTimers, type WorkerTimers } from './worker-timers.ts'

/** One run of a worker's script, from its evaluation until a browser would end the worker. */
export interface WorkerRun {
  readonly site: WorkerSite
  /** The worker's global object. */
  readonly scope: Record<string, unknown>
  /** Proves to the fakes' classes that it is us who constructs. */
  readonly key: symbol
  readonly listeners: WorkerListeners
  readonly timers: WorkerTimers
  readonly ports: WorkerPorts
  readonly activation: WindowActivation
  readonly notifications: FakeNotifications
  readonly push: FakePush
  readonly clients: FakeClientsParts
  readonly events: WorkerEventClasses
  readonly PushMessageData: PushMessageDataClass
  /** Calls a function as the worker's own code, on behalf of an event. */
  inside<Result>(event: object, call: () => Result): Result
  /** What was shown on behalf of an event, or of none in particular. */
  shownBy(event: object): readonly ShownNotification[]
  /** Tells that the script was evaluated: listeners added from now on come too late. */
  evaluated(): void
  /** Ends it: nothing that it left behind does anything any more. */
  end(): void
}

/** Makes the fakes of one run around a global object, which is still empty. */
export function createWorkerRun(
  site: WorkerSite,
  scope: Record<string, unknown>,
  realm: WorkerRealm,
): WorkerRun {
  const key = Symbol('pushwell')
  const owner = new AsyncLocalStorage<object>()
  const shown: { readonly notification: ShownNotification; readonly event: object | undefined }[] =
    []
  let isEvaluated = false
  const fail = (kind: 'timer' | 'listener' | 'rejection') => (error: unknown) => {
    site.errors.push({ kind, error })
  }
  const timers = createWorkerTimers(fail('timer'))
  const ports = createWorkerPorts()
  const release = catchUnhandledRejections(() => owner.getStore() !== undefined, fail('rejection'))
  const activation = createWindowActivation(site.traits, site.now)
  const PushMessageData = createPushMessageDataClass(key, site.traits, realm)
  const warnIfLate = (type: string) => {
    if (isEvaluated) site.warnings.push(lateListener(type))
  }
  return {
    site,
    scope,
    key,
    timers,
    ports,
    activation,
    PushMessageData,
    listeners: createWorkerListeners(scope, warnIfLate, fail('listener')),
    notifications: createFakeNotifications(site, key, (notification) => {
      shown.push({ notification, event: owner.getStore() })
    }),
    push: createFakePush(site, key),
    clients: createFakeClients(site, activation, key),
    events: createEventClasses(key, PushMessageData, site.traits),
    inside: (event, call) => owner.run(event, call),
    shownBy: (event) =>
      shown.filter((entry) => entry.event === event).map(({ notification }) => notification),
    evaluated() {
      isEvaluated = true
    },
    end() {
      timers.clear()
      ports.close()
      release()
    },
  }
}

function lateListener(type: string): string {
  return `Event handler of '${type}' event must be added on the initial evaluation of worker script.`
}
