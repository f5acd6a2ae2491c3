import type { ChannelMessage } from '../src/shared/channel.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import type { WorkerWindow } from './worker-scope.ts'

/** What a page answers on a port, with whether it does it. */
export type PageQuestion = Extract<ChannelMessage, { readonly kind: 'navigate' | 'ask' }>

/**
 * Asks one page to do something in the worker's stead. A page without a client of ours, or with an
 * older one, says nothing.
 *
 * @param answerMs - How long it has to say so.
 * @returns Whether it does.
 * @throws PushwellError `timeout`; and what the browser says to data that cannot be cloned.
 */
export async function askPage(
  window: WorkerWindow,
  question: PageQuestion,
  answerMs: number,
): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  try {
    const answering = new Promise<boolean>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data === true)
    })
    window.postMessage(question, [port2])
    return await withDeadline(answering, answerMs, 'The page')
  } finally {
    port1.close()
  }
}
