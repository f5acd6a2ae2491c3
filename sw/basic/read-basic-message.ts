import type { ReceivedMessage } from '../../src/shared/parse-message.ts'
import type { WorkerEvents } from '../worker-scope.ts'

/** A message as a basic worker takes it: it believes whoever sent it about the types of what is in it. */
export type BasicMessage = Pick<
  ReceivedMessage,
  'id' | 'type' | 'data' | 'recipient' | 'expiresAt' | 'stale' | 'notification' | 'text'
>

/** Reads the message of a push. Never throws, whatever the bytes are. */
export function readBasicMessage(data: WorkerEvents['push']['data']): BasicMessage {
  // Not `data.text()`: Chromium gives null for bytes that are not UTF-8, and keeps a BOM.
  const text = data ? new TextDecoder().decode(data.arrayBuffer()).trim() : ''
  try {
    // Throws for a number and the like: text that someone wrote.
    const message = Object.create(JSON.parse(text) as object) as Partial<
      Record<'pushwell' | 'notification', Record<string, unknown>>
    >
    const { v, recipient, ...envelope } = message.pushwell ?? {}
    return {
      ...(v === 1 && envelope),
      recipient,
      notification: message.notification,
    } as BasicMessage
  } catch {
    // Broken UTF-8 means bytes, not words.
    return text && !text.includes('\uFFFD') ? { text } : {}
  }
}
