import type { PushFailure } from './push-failure.ts'
import type { RecordedFailure } from './registration-record.ts'
import type { StoredClick } from './stored-click.ts'

/**
 * What pages and workers of one origin tell each other. All of it is marked with the version; what
 * somebody does not know is left alone.
 */
export type ChannelMessage = { readonly pushwell: 1; readonly scope: string } & (
  | {
      /** The record, the subscription or the permission may have changed: look again. */
      readonly kind: 'changed'
    }
  | {
      /** The inbox has changed. */
      readonly kind: 'inbox'
    }
  | {
      /** The worker has shown a message. */
      readonly kind: 'message'
      readonly message: ShownMessage
    }
  | {
      /** Asked of the page that has the focus, over a port: whether it takes the message. */
      readonly kind: 'ask'
      readonly message: ShownMessage
      /** Whether the app decides, or a page that listens for the type takes the message. */
      readonly mode: 'ask' | 'page'
    }
  | {
      /** A notification was clicked. Whoever can take the stored click hands it over. */
      readonly kind: 'click'
      readonly click: StoredClick
      /** `false` when the click could not be stored: then nobody need take it first. */
      readonly stored: boolean
    }
  | {
      /**
       * A click has led to this page, with a port to answer on: `true` when it goes to the URL
       * itself, so that it is not loaded again.
       */
      readonly kind: 'navigate'
      readonly url: string
      readonly click: StoredClick
    }
)

/** A message that the worker has shown, or is about to, as a page is told of it. */
export interface ShownMessage {
  readonly id?: string | undefined
  readonly type: string
  readonly data: unknown
  /** Set when a page took it, so that no notification was shown. */
  readonly taken?: true | undefined
}

/** What a page asks of a worker, with a port to answer on: which version it runs, or how it fares. */
export interface WorkerQuestion {
  readonly pushwell: 1
  readonly kind: keyof WorkerAnswers
}

/** The worker's answers. */
export interface WorkerAnswers {
  readonly version: { readonly version: string }
  readonly report: WorkerReport
}

/** What the worker alone knows of itself. */
export interface WorkerReport {
  /** `memory` when it cannot store anything, so that all is forgotten once it is ended. */
  readonly storage: 'persistent' | 'memory'
  readonly failures: readonly RecordedFailure[]
  readonly pushFailures: readonly PushFailure[]
}

/** What a page asks of a worker: to make the requests that are left of buttons, or to send receipts. */
export interface PostsRequest {
  readonly pushwell: 1
  readonly kind: 'posts' | 'receipts'
}

/** The tag of the Background Sync that has the worker make the requests of buttons. */
export const postsTag = 'pushwell-posts'

/** The tag of the Background Sync that has the worker send receipts. */
export const receiptsTag = 'pushwell-receipts'

/** The tag of the Background Sync that has the worker subscribe again. */
export const renewTag = 'pushwell-renew'

/** The tag of the Background Sync that has the worker tell the backend. */
export const syncTag = 'pushwell'

/** The name of the channel (`BroadcastChannel`) that everything but questions goes over. */
export const channelName = 'pushwell'

/** Reads what came over a channel or in a `message` event; `null` when it is not for this scope. */
export function readChannelMessage(data: unknown, scope: string): ChannelMessage | null {
  const message = data as Partial<ChannelMessage> | null | undefined
  return message?.pushwell === 1 && message.scope === scope ? (message as ChannelMessage) : null
}
