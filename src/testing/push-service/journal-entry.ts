import { decodeBase64url, encodeBase64url } from '../../shared/base64url.ts'
import { isPending } from './service-message.ts'
import type { ServiceMessage, ServiceMessageStatus } from './service-message.ts'
import type { RegisteredSubscription, RegistryChange } from './subscription-registry.ts'

/** What a service must still know after a restart. */
export interface SavedState {
  readonly devices: readonly string[]
  /** Oldest first, ended ones too. */
  readonly subscriptions: readonly RegisteredSubscription[]
  /** Those that wait for their acknowledgement, oldest first. */
  readonly messages: readonly ServiceMessage[]
}

/** One line of the journal. */
export type JournalEntry =
  | RegistryChange
  | { readonly type: 'message'; readonly message: ServiceMessage }
  | {
      readonly type: 'status'
      readonly id: string
      readonly status: ServiceMessageStatus
      readonly deliveries: number
    }

/** Writes one entry as a line of JSON, without its end. */
export function writeJournalEntry(entry: JournalEntry): string {
  if (entry.type !== 'message') return JSON.stringify(entry)
  const { body, ...message } = entry.message
  return JSON.stringify({ ...entry, message: { ...message, body: encodeBase64url(body) } })
}

/** Gives the entries that make a state from nothing. */
export function entriesOf({ devices, subscriptions, messages }: SavedState): JournalEntry[] {
  return [
    ...devices.map((device) => ({ type: 'device', device, isKnown: true }) as const),
    ...subscriptions.map((subscription) => ({ type: 'subscription', subscription }) as const),
    ...messages.map((message) => ({ type: 'message', message }) as const),
  ]
}

/**
 * Gives the state that a journal's lines lead to. A line that is cut or makes no sense is passed
 * over: a crash may leave one at the end.
 */
export function replayJournal(lines: Iterable<string>): SavedState {
  const devices = new Set<string>()
  const subscriptions = new Map<string, RegisteredSubscription>()
  const messages = new Map<string, ServiceMessage>()
  for (const line of lines) {
    const entry = parseEntry(line)
    if (entry?.type === 'device') {
      if (entry.isKnown) devices.add(entry.device)
      else devices.delete(entry.device)
    } else if (entry?.type === 'subscription') {
      subscriptions.set(entry.subscription.token, entry.subscription)
    } else if (entry?.type === 'message') {
      messages.set(entry.message.id, entry.message)
    } else if (entry?.type === 'status') {
      const { id, status, deliveries } = entry
      const message = messages.get(id)
      if (message) messages.set(id, { ...message, status, deliveries })
      if (message && !isPending({ ...message, status })) messages.delete(id)
    }
  }
  return {
    devices: [...devices],
    subscriptions: [...subscriptions.values()],
    messages: [...messages.values()],
  }
}

/** Lines are ours alone, so that a line which is whole JSON of a known type is what we wrote. */
function parseEntry(line: string): JournalEntry | null {
  try {
    const entry = JSON.parse(line)
    if (entry?.type !== 'message') return isEntry(entry) ? entry : null
    const body = decodeBase64url(entry.message.body)
    return body && { type: 'message', message: { ...entry.message, body } }
  } catch {
    return null
  }
}

function isEntry(entry: unknown): entry is JournalEntry {
  if (typeof entry !== 'object' || entry === null || !('type' in entry)) return false
  const { type } = entry
  if (type === 'subscription') return 'subscription' in entry && isObject(entry.subscription)
  if (type === 'status') return 'id' in entry && 'status' in entry && 'deliveries' in entry
  return type === 'device' && 'device' in entry && typeof entry.device === 'string'
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
