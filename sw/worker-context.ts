import type { ClickLog } from '../src/shared/click-log.ts'
import type { DatabaseConnection } from '../src/shared/database-connection.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import type { NotificationDescriptor } from './notification.ts'
import type { PartContext } from './part-context.ts'
import type { PushWorkerOptions } from './push-worker-options.ts'
import type { Router } from './router.ts'
import type { ShownLog } from './shown-log.ts'
import type { WorkerPart } from './worker-part.ts'

/** A message that this run of the worker has shown or is showing. Rejects when it could not. */
export interface MessageAtWork {
  /** Ends once it is on the screen. */
  readonly placed: Promise<{ readonly shown: ChosenNotification }>
  /** Ends once everybody has been told. */
  readonly over: Promise<unknown>
}

/** What the listeners of one push worker share. */
export interface WorkerContext extends PartContext {
  readonly options: Omit<
    PushWorkerOptions,
    'lateRoutes' | 'fallback' | 'neutral' | 'deadlineMs' | 'parts'
  >
  readonly fallback: NotificationDescriptor
  readonly neutral: NotificationDescriptor
  readonly deadlineMs: number
  readonly router: Router
  readonly database: DatabaseConnection
  readonly clicks: ClickLog
  readonly shownLog: ShownLog
  /** The messages with an id that this run of the worker has shown or is showing, by their keys. */
  readonly showing: Map<string, MessageAtWork>
  /**
   * The ids of messages whose notifications the worker itself has taken off the screen: Firefox tells
   * of these as it does of the user's.
   */
  readonly ended: Set<string>
  readonly parts: readonly WorkerPart[]
}
