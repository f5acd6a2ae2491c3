import type { WorkerAnswers, WorkerQuestion, WorkerReport } from '../shared/channel.ts'
import { withDeadline } from '../shared/deadline.ts'
import { version } from '../shared/version.ts'

type Worker = Pick<ServiceWorker, 'postMessage'>

/** Milliseconds that a worker has to answer: to a report belongs a database that may hang. */
const patienceMs = { version: 3000, report: 8000 }

async function ask<Kind extends keyof WorkerAnswers>(
  worker: Worker,
  kind: Kind,
): Promise<WorkerAnswers[Kind] | null> {
  const { port1, port2 } = new MessageChannel()
  const answered = new Promise<WorkerAnswers[Kind]>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<WorkerAnswers[Kind]>) => resolve(data)
  })
  worker.postMessage({ pushwell: 1, kind } satisfies WorkerQuestion, [port2])
  return withDeadline(answered, patienceMs[kind], 'The worker')
    .catch(() => null)
    .finally(() => port1.close())
}

/**
 * Asks a worker which version of Pushwell it runs.
 *
 * @returns `null` when it does not answer: it has no Pushwell, or one from before this question.
 */
export async function workerVersion(worker: Worker): Promise<string | null> {
  return (await ask(worker, 'version'))?.version ?? null
}

/**
 * Asks a worker that has told its version how it fares.
 *
 * @returns `null` when it does not answer.
 */
export function workerReport(worker: Worker): Promise<WorkerReport | null> {
  return ask(worker, 'report')
}

/**
 * Has the browser look for a newer worker when the one that runs is not of the page's version: an
 * app that is updated while a tab stays open else keeps the old one until the browser looks.
 */
export async function updateOutdatedWorker(
  registration: Pick<ServiceWorkerRegistration, 'update'> & { readonly active: Worker | null },
): Promise<void> {
  const { active } = registration
  if (!active || (await workerVersion(active)) === version) return
  await registration.update().catch(() => undefined)
}
