import { clearTimeout as stopTimer, setTimeout as startTimer } from 'node:timers'
import { PushwellError } from '../../shared/errors.ts'
import { createEventLifetime, type EventLifetime } from './event-lifetime.ts'
import type { WorkerEventClasses } from './worker-events.ts'
import type { WorkerRun } from './worker-run.ts'

/** How an event ended. */
export interface DispatchedEvent {
  /** The event itself, which stands for it in {@link WorkerRun.shownBy}. */
  readonly event: object
  /** Whether anything listened. */
  readonly handled: boolean
  /** What the first listener threw, or the first promise was rejected with. */
  readonly failed?: unknown
}

/** An event for the worker. */
export interface EventDescription {
  readonly type: string
  readonly class: keyof WorkerEventClasses
  readonly init?: Readonly<Record<string, unknown>>
}

/**
 * Dispatches an event in the worker and waits for its end, as the browser does.
 *
 * @param timeoutMs - How long `waitUntil` may keep it alive; then it fails with `timeout`.
 */
export async function dispatchEvent(
  run: WorkerRun,
  { type, class: name, init = {} }: EventDescription,
  timeoutMs: number,
): Promise<DispatchedEvent> {
  const EventClass = run.events[name]
  if (!EventClass) throw new TypeError(`${name} is not an event of this engine.`)
  const lifetime = createEventLifetime()
  const event = new EventClass(type, { ...init, [run.key]: lifetime })
  const { errors } = run.site
  const handled = run.listeners.has(type)
  const thrown = run.inside(event, () => run.listeners.dispatch(event))
  lifetime.dispatched()
  const late = await waitForEnd(lifetime, type, timeoutMs)
  for (const error of thrown) errors.push({ kind: 'listener', event: type, error })
  for (const error of lifetime.rejections) errors.push({ kind: 'wait-until', event: type, error })
  const failures = [...thrown, ...lifetime.rejections, ...late]
  return { event, handled, ...(failures.length > 0 && { failed: failures[0] }) }
}

async function waitForEnd(
  lifetime: EventLifetime,
  type: string,
  timeoutMs: number,
): Promise<PushwellError[]> {
  const late: PushwellError[] = []
  // Node's own timer, whatever a test has put in the place of the global one.
  const timer = startTimer(() => {
    const reason = `The worker’s ${type} event was not over after ${timeoutMs} ms: a promise given to waitUntil did not settle.`
    late.push(new PushwellError('timeout', reason))
    lifetime.end()
  }, timeoutMs)
  await lifetime.over
  stopTimer(timer)
  return late
}
