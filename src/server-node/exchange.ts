import type { IncomingHttpHeaders } from 'node:http'
import type { PushResponse } from '../server/push-transport.ts'

/** What of an answer's body is kept, in octets. */
const mostOfBody = 4096

/** A request and its answer, whatever carries them. */
export interface Exchange {
  /** The beginning of the answer. */
  readonly answered: (httpStatus: number, headers: IncomingHttpHeaders) => void
  readonly received: (chunk: Buffer) => void
  /** Nothing more comes: what there is of an answer is the answer. Without a status it has failed. */
  readonly ended: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Carries one request out, until the signal says otherwise.
 *
 * @param begin - Sends the request. It gives what is to be done to end it early.
 */
export function exchange(
  signal: AbortSignal,
  begin: (exchange: Exchange) => () => void,
): Promise<PushResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    let httpStatus = 0
    let headers: IncomingHttpHeaders = {}
    let body = ''
    let isSettled = false
    const settle = (): void => {
      isSettled = true
      signal.removeEventListener('abort', abort)
    }
    const fail = (error: unknown): void => {
      if (isSettled) return
      // What comes after the status changes nothing.
      if (httpStatus) return ended()
      settle()
      reject(error)
    }
    const ended = (): void => {
      if (isSettled) return
      if (!httpStatus) return fail(new Error('The request was ended without an answer.'))
      settle()
      const header = (name: string): string | null => {
        const value = headers[name.toLowerCase()]
        return typeof value === 'string' ? value : null
      }
      resolve({ httpStatus, header, body })
    }
    const end = begin({
      answered: (status, given) => {
        httpStatus = status
        headers = given
      },
      received: (chunk) => {
        body += chunk.toString('utf8')
        if (body.length > mostOfBody) {
          ended()
          end()
        }
      },
      ended,
      failed: fail,
    })
    const abort = (): void => {
      fail(signal.reason)
      end()
    }
    signal.addEventListener('abort', abort)
  })
}
