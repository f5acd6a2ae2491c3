import type { PushWorkerOptions } from '../push-worker-options.ts'

/**
 * How a basic push worker behaves. All of it has defaults, and means what it means to
 * `createPushWorker`, but that nothing is checked, that pictures are not held to `allowedOrigins`, and
 * that no page is asked.
 */
export type BasicPushWorkerOptions = Pick<
  PushWorkerOptions,
  'fallback' | 'neutral' | 'defaults' | 'allowedOrigins' | 'match' | 'deadlineMs'
>
