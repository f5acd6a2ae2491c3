import type { VersionAnswer, VersionQuestion } from '../shared/channel.ts'
import { withDeadline } from '../shared/deadline.ts'
import { version } from '../shared/version.ts'

/** Milliseconds that a worker has to say which version it runs. */
const patienceMs = 3000

/**
 * Asks a worker which version of Pushwell it runs.
 *
 * @returns `null` when it does not answer: it has no Pushwell, or one from before this question.
 */
export async function workerVersion(
  worker: Pick<ServiceWorker, 'postMessage'>,
): Promise<string | null> {
  const { port1, port2 } = new MessageChannel()
  const answered = new Promise<string>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<VersionAnswer>) => resolve(data.version)
  })
  worker.postMessage({ pushwell: 1, kind: 'version' } satisfies VersionQuestion, [port2])
  return withDeadline(answered, patienceMs, 'The worker')
    .catch(() => null)
    .finally(() => port1.close())
}

/**
 * Has the browser look for a newer worker when the one that runs is not of the page's version: an
 * app that is updated while a tab stays open else keeps the old one until the browser looks.
 */
export async function updateOutdatedWorker(
  registration: Pick<ServiceWorkerRegistration, 'update'> & {
    readonly active: Pick<ServiceWorker, 'postMessage'> | null
  },
): Promise<void> {
  const { active } = registration
  if (!active || (await workerVersion(active)) === version) return
  await registration.update().catch(() => undefined)
}
