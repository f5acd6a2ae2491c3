import { entriesOf, replayJournal, writeJournalEntry } from './journal-entry.ts'
import type { JournalEntry, SavedState } from './journal-entry.ts'
import type { JournalFile } from './journal-file.ts'
import { isPending } from './service-message.ts'
import type { ServiceMessage } from './service-message.ts'
import type { RegistryChange } from './subscription-registry.ts'

/** Keeps what a service must know after a restart. */
export interface StateJournal {
  /** What the earlier run left. */
  readonly saved: SavedState
  registryChanged(change: RegistryChange): void
  messageChanged(message: ServiceMessage): void
  /** Whether everything so far is in the file. */
  readonly isWhole: boolean
  close(): void
}

/** So many lines may be out of date before the file is written anew. */
const leastLines = 2000

/**
 * Reads a journal and goes on writing it.
 *
 * - Must have written a message before its sender is answered, and an acknowledgement when it came.
 * - Must not grow without bound: with more old lines than living ones it is written anew.
 * - When the disk refuses, `isWhole` is `false` until the whole state could be written again.
 *
 * @param current - Gives the state as it stands. Called when the file is to be written anew.
 */
export function openStateJournal(file: JournalFile, current: () => SavedState): StateJournal {
  const saved = replayJournal(file.read())
  const written = new Set<string>()
  let isWhole = true
  let isClosed = false
  let lines = 0
  let limit = 0

  function replace({ messages, ...state }: SavedState): void {
    const pending = messages.filter(isPending)
    const entries = entriesOf({ ...state, messages: pending })
    file.replace(entries.map(writeJournalEntry))
    written.clear()
    for (const { id } of pending) written.add(id)
    lines = entries.length
    limit = Math.max(leastLines, 3 * lines)
  }

  function append(entry: JournalEntry): void {
    if (isClosed) return
    try {
      if (isWhole && lines < limit) file.append(writeJournalEntry(entry))
      else replace(current())
      lines += 1
      isWhole = true
    } catch {
      // Whoever asks sees isWhole, and the next change tries again.
      isWhole = false
    }
  }

  function messageChanged(message: ServiceMessage): void {
    const { id, status, deliveries } = message
    const isNew = !written.has(id)
    if (isNew && !isPending(message)) return
    if (isPending(message)) written.add(id)
    else written.delete(id)
    append(isNew ? { type: 'message', message } : { type: 'status', id, status, deliveries })
  }

  // Also drops the line that a crash has cut, so that nothing is written behind it.
  replace(saved)
  return {
    saved,
    get isWhole() {
      return isWhole
    },
    registryChanged: append,
    messageChanged,
    close() {
      isClosed = true
      file.close()
    },
  }
}
