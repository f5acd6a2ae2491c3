import { withDeadline } from '../src/shared/deadline.ts'
import { isPushwellError } from '../src/shared/errors.ts'
import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import type { PushFailure, PushStage } from '../src/shared/push-failure.ts'

/** One push on its way to its notification: the time that it has, and what went wrong. */
export interface PushRun {
  /** What is known of the message: parts may change it before anything is made of it. */
  received: ReceivedMessage
  readonly failures: PushFailure[]
  /**
   * Tells how many whole milliseconds are left; zero when none are.
   *
   * @param deadlines - Until so many times `deadlineMs` after the push came.
   */
  left(deadlines: number): number
  /** Writes down that something went wrong. */
  fail(stage: PushStage, error: unknown): void
  /**
   * Does a step. When it fails, or takes longer than it may, that is written down.
   *
   * @throws What it throws; PushwellError `timeout`.
   */
  step<Value>(
    stage: PushStage,
    timeoutMs: number,
    work: () => Value | PromiseLike<Value>,
  ): Promise<Value>
}

/** Starts the clock of a push. */
export function createPushRun(received: ReceivedMessage, deadlineMs: number): PushRun {
  const start = performance.now()
  const fail: PushRun['fail'] = (stage, error) => {
    const code = isPushwellError(error) && error.code === 'timeout' ? 'timeout' : 'failed'
    const { type, id } = run.received
    run.failures.push({ at: Date.now(), stage, code, type, id })
  }
  const run: PushRun = {
    received,
    failures: [],
    left: (deadlines) =>
      Math.max(0, Math.round(start + deadlines * deadlineMs - performance.now())),
    fail,
    async step(stage, timeoutMs, work) {
      try {
        return await withDeadline((async () => work())(), timeoutMs, stage)
      } catch (error) {
        fail(stage, error)
        throw error
      }
    },
  }
  return run
}
