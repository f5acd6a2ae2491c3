import {
  type FakeExtendableEvent,
  type FakeWorkerEvents,
  type FakeWorkerScope,
  type LoadedWorker,
  loadWorker,
  type LoadWorkerOptions,
} from '../../../src/testing/worker/index.ts'

type PushEvent = FakeWorkerEvents['push']

/** A worker that answers each push and each message with a function. */
export function running(
  answer: (self: FakeWorkerScope, event: PushEvent) => unknown,
  options: LoadWorkerOptions = {},
): Promise<LoadedWorker> {
  return loadWorker((self: FakeWorkerScope) => {
    const listener = (event: FakeExtendableEvent) => {
      event.waitUntil(Promise.resolve(answer(self, event as PushEvent)))
    }
    self.addEventListener('push', listener)
    self.addEventListener('message', listener)
  }, options)
}
