import { fieldsOf, type ReceivedMessage } from '../../src/shared/parse-message.ts'
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
    const { pushwell, notification } = fieldsOf(JSON.parse(text))
    const envelope = fieldsOf(pushwell)
    const { v, recipient } = envelope
    return { ...(v === 1 ? envelope : { recipient }), notification } as BasicMessage
  } catch {
    // Broken UTF-8 and other control characters mean bytes, not words that someone wrote.
    return text && !/[^\P{Cc}\t\n\r]|\uFFFD/u.test(text) ? { text } : {}
  }
}
