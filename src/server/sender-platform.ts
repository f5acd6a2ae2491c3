import type { MessageEncryption } from './message-encryption.ts'
import type { PushTransport } from './push-transport.ts'

/** What a sender gets from where it runs. */
export interface SenderPlatform {
  readonly encrypt: MessageEncryption
  readonly transport: PushTransport
  /**
   * Waits; rejects with the signal's reason when that is aborted.
   *
   * @default a timer
   */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
  /** @default Math.random */
  readonly random?: () => number
}

/** Waits on a timer. */
export function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
