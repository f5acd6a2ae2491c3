import { expect } from 'vitest'
import type {
  LoadedWorker,
  WorkerEngine,
  WorkerPushResult,
} from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type NotificationDescriptor,
  type Route,
  type WorkerPart,
  type WorkerScope,
} from '../../sw/index.ts'
import { loadPushWorker, ours } from './load-push-worker.ts'
import { type StoppedClock, stopClock } from './stopped-clock.ts'

/** The `deadlineMs` of the worker. */
export const deadlineMs = 100
/** Of that, what a route has until something else is shown. */
const routeMs = 80

/** What a route gives late. */
export const late: NotificationDescriptor = {
  title: 'Late',
  vibrate: [100],
  renotify: true,
  tag: 'other',
}

/** A worker whose route for `chat` gives nothing until it is told to, and its clock. */
export interface LateWorker extends AsyncDisposable {
  readonly worker: LoadedWorker<WorkerScope>
  readonly clock: StoppedClock
  /** The titles on the screen. */
  readonly titles: () => string[]
  /** Pushes a message of that route, lets the route's time be over, and waits for the push. */
  readonly pushLate: (payload: object) => Promise<WorkerPushResult>
  /** Has the route give something for the message `m1`, or another. */
  readonly give: (described: NotificationDescriptor, id?: string) => void
  /**
   * Has the route give `late` for a message, and something for a message of its own right after it.
   * Once that is seen, nothing can come of the first any more: both go the same way.
   */
  readonly giveInVain: (id?: string) => Promise<void>
}

/**
 * Loads such a worker. The clock stands still.
 *
 * @param parts - Makes the parts of each run of the worker.
 */
export async function loadLateWorker(
  engine: WorkerEngine = 'chromium',
  parts: () => readonly WorkerPart[] = () => [],
): Promise<LateWorker> {
  const clock = stopClock()
  const { route, asked, give } = createLateRoute()
  const neutral = { title: 'Neutral' }
  const worker = await loadPushWorker(
    (scope) =>
      createPushWorker(
        { fallback: { title: 'Fallback' }, neutral, deadlineMs, parts: parts() },
        scope,
      ).on('chat', route),
    { engine },
  )
  const titles = () => worker.notifications.map(({ title }) => title)
  const pushLate = async (payload: object) => {
    const before = asked()
    const pushing = worker.push(payload)
    await clock.see(asked).toBe(before + 1)
    await clock.pass(routeMs)
    return pushing
  }
  return {
    worker,
    clock,
    titles,
    pushLate,
    give,
    async giveInVain(id) {
      expect(await pushLate(ours('chat', undefined, { id: 'last' }))).not.toHaveProperty('failed')
      give(late, id)
      give({ title: 'Last' }, 'last')
      await clock.see(() => titles().join()).toContain('Last')
    },
    async [Symbol.asyncDispose]() {
      await worker.dispose()
      clock[Symbol.dispose]()
    },
  }
}

function createLateRoute() {
  const answers = new Map<string | undefined, PromiseWithResolvers<NotificationDescriptor>>()
  const answer = (id: string | undefined) => {
    const known = answers.get(id) ?? Promise.withResolvers<NotificationDescriptor>()
    answers.set(id, known)
    return known
  }
  let calls = 0
  const route: Route<unknown> = {
    notification({ id }) {
      calls += 1
      return answer(id).promise
    },
  }
  return {
    route,
    /** How often it was asked. */
    asked: () => calls,
    give: (described: NotificationDescriptor, id = 'm1') => answer(id).resolve(described),
  }
}
