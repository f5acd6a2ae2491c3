import { channelName, readChannelMessage } from '../shared/channel.ts'
import { createDatabaseConnection } from '../shared/database-connection.ts'
import { changeInbox, createInboxFace } from '../shared/inbox.ts'
import type { Inbox } from '../shared/inbox-face.ts'
import { findScope } from './find-scope.ts'
import { browserPlatform, type PagePlatform } from './page-platform.ts'
import { reportErrors } from './report-errors.ts'

/** Which inbox a page reads, and how. */
export interface PageInboxOptions {
  /**
   * The scope of the worker with the part `inbox`, relative to the page.
   *
   * @default that of the page's own worker
   */
  readonly scope?: string
  /** Puts how many are unread on the app's icon after each change that this page makes. */
  readonly badge?: boolean
  /** Ends the listening. */
  readonly signal?: AbortSignal
}

/** The inbox on a page. */
export interface PageInbox extends Inbox {
  /**
   * Calls back when the inbox may have changed: a message has come, another tab or this one has
   * changed it, somebody else has signed in.
   *
   * @returns The undoing of it.
   */
  onChange(listener: () => void): () => void
}

/**
 * Opens the inbox that the worker's part `inbox` fills. It lists what was shown to whoever is signed
 * in here, as `identify` has it, and is empty without a worker.
 *
 * @param platform - The browser; a test passes its own.
 */
export function createInbox(
  { scope: given, badge = false, signal }: PageInboxOptions = {},
  platform?: PagePlatform,
): PageInbox {
  const page = () => platform ?? browserPlatform()
  const database = createDatabaseConnection()
  const listeners = new Set<() => void>()
  let channel: BroadcastChannel | undefined
  const scope = () => findScope(given, page())
  const tell = () => {
    for (const listener of listeners) reportErrors(listener)
  }
  const hear = async ({ data }: MessageEvent) => {
    const message = readChannelMessage(data, (await scope()) ?? '')
    if (message && /^(inbox|changed)$/.test(message.kind)) tell()
  }
  const open = () => {
    if (channel || signal?.aborted) return channel
    channel = page().openChannel?.(channelName)
    channel?.addEventListener('message', (event) => {
      hear(event).catch(() => undefined)
    })
    signal?.addEventListener('abort', () => channel?.close())
    return channel
  }
  const face = createInboxFace(
    async (change) => {
      const at = await scope()
      return at === undefined ? [] : changeInbox(database, at, change)
    },
    async (unread) => {
      const at = await scope()
      if (at !== undefined) open()?.postMessage({ pushwell: 1, scope: at, kind: 'inbox' })
      tell()
      const { navigator }: { navigator?: Partial<Navigator> } = globalThis
      if (badge) await navigator?.setAppBadge?.(unread)
    },
  )
  return {
    ...face,
    onChange(listener) {
      const mine = () => listener()
      listeners.add(mine)
      open()
      return () => listeners.delete(mine)
    },
  }
}
