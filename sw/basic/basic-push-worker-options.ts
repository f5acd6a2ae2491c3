import type { PushWorkerOptions } from '../push-worker-options.ts'

/** How a basic push worker behaves. All of it has defaults, and means what it means there. */
export type BasicPushWorkerOptions = Pick<
  PushWorkerOptions,
  'fallback' | 'neutral' | 'defaults' | 'allowedOrigins' | 'match' | 'deadlineMs'
>
