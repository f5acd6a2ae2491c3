import type { ChannelMessage } from '../src/shared/channel.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import type { WorkerWindow } from './worker-scope.ts'

/** Milliseconds that a page has to say whether it goes there itself. */
const answerMs = 300

/** A question that a page answers on a port. */
export type NavigateQuestion = Extract<ChannelMessage, { readonly kind: 'navigate' }>

/**
 * Asks a page to go somewhere without being loaded again. A page without a client of ours, or with
 * an older one, says nothing.
 *
 * @returns Whether it does.
 */
export async function handOver(window: WorkerWindow, question: NavigateQuestion): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  try {
    const answering = new Promise<boolean>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data === true)
    })
    window.postMessage(question, [port2])
    return await withDeadline(answering, answerMs, 'The page').catch(() => false)
  } finally {
    port1.close()
  }
}
