import { createFaultQueue } from './fault-queue.ts'
import type { AnswerFault } from './answer-fault.ts'
import type { FaultQueue } from './fault-queue.ts'

/** Every fault that a test may ask for, by the moment at which it strikes. */
export interface ServiceFaults {
  /** A sender's request arrives. */
  readonly answers: FaultQueue<AnswerFault>
  /** An answer is ready: it waits for so many milliseconds. */
  readonly delays: FaultQueue<number>
  /** A message is accepted, and never delivered. */
  readonly swallows: FaultQueue<true>
  /** A message is handed to a browser, twice. */
  readonly duplicates: FaultQueue<true>
  /** A message is handed to a browser with a changed body. */
  readonly corruptions: FaultQueue<true>
  clear(): void
}

/** Makes the queues, all empty. */
export function createServiceFaults(random: () => number): ServiceFaults {
  const answers = createFaultQueue<AnswerFault>(random)
  const delays = createFaultQueue<number>(random)
  const swallows = createFaultQueue<true>(random)
  const duplicates = createFaultQueue<true>(random)
  const corruptions = createFaultQueue<true>(random)
  return {
    answers,
    delays,
    swallows,
    duplicates,
    corruptions,
    clear() {
      for (const queue of [answers, delays, swallows, duplicates, corruptions]) queue.clear()
    },
  }
}
