import type { WorkerScope } from '../worker-scope.ts'
import type { BasicPushWorkerOptions } from './basic-push-worker-options.ts'
import type { BasicRoute } from './basic-route.ts'

/** What a basic push worker works with. */
export interface BasicContext {
  readonly scope: WorkerScope
  /** The app's root: what URLs are relative to. */
  readonly home: string
  readonly options: BasicPushWorkerOptions
  readonly allowedOrigins: readonly string[]
  /** From a push to its notification: four fifths for its route, the rest for showing it. */
  readonly deadlineMs: number
  readonly routes: ReadonlyMap<string, BasicRoute>
}
