import { nextTick } from 'node:process'
import { PushwellError } from '../../shared/errors.ts'
import { type DispatchedEvent, dispatchEvent, type EventDescription } from './dispatch-event.ts'
import type { ShownNotification, ShownNotificationEnd } from './notification-center.ts'
import type { WorkerRun } from './worker-run.ts'
import type { WorkerSite } from './worker-site.ts'

/** The runs of one worker, one after the other. */
export interface WorkerSession {
  readonly site: WorkerSite
  /** The current run; throws once it is disposed of. */
  readonly run: WorkerRun
  /** Dispatches an event, and waits for its end and that of the events that followed from it. */
  dispatch(event: EventDescription): Promise<DispatchedEvent>
  /** Has the worker told of a notification that ended, where its engine tells. */
  tellOfEnd(notification: ShownNotification, how: ShownNotificationEnd): void
  /** Waits for events that the browser sends by itself. */
  settle(): Promise<void>
  /** Evaluates the script, in the place of the run before. */
  start(): Promise<void>
  end(): void
}

/** Makes a session that is not started yet. */
export function createWorkerSession(
  site: WorkerSite,
  startRun: () => Promise<WorkerRun>,
  eventTimeoutMs: number,
): WorkerSession {
  let current: WorkerRun | undefined
  const pending = new Set<Promise<unknown>>()
  const running = (): WorkerRun => {
    if (current) return current
    throw new PushwellError('worker-failed', 'The worker is not running: it was disposed of.')
  }
  const settle = async () => {
    // What Firefox does a task later is due by then.
    await nextTask()
    while (pending.size > 0) await Promise.all(pending)
  }
  const end = () => {
    current?.end()
    current = undefined
  }
  return {
    site,
    get run() {
      return running()
    },
    settle,
    end,
    async dispatch(event) {
      const result = await dispatchEvent(running(), event, eventTimeoutMs)
      await settle()
      return result
    },
    tellOfEnd(notification, how) {
      if (!current || (how !== 'dismissed' && !site.traits.closeEventForAll)) return
      const init = { notification: current.notifications.wrap(notification), action: '' }
      const event = { type: 'notificationclose', class: 'NotificationEvent', init } as const
      const run = current
      // A replacement is told in a task of its own; `close()` has had its own in Firefox.
      const due = how === 'replaced' ? nextTask() : Promise.resolve()
      const over = due
        .then(() => dispatchEvent(run, event, eventTimeoutMs))
        .finally(() => pending.delete(over))
      pending.add(over)
    },
    async start() {
      end()
      current = await startRun()
    },
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    nextTick(resolve)
  })
}
