/** A message in the inbox. */
export interface InboxMessage {
  readonly id: string
  readonly type?: string | undefined
  readonly data?: unknown
  /** As it was shown. */
  readonly title: string
  readonly body?: string | undefined
  /** Where a click on it leads, made safe; absent when that is nowhere. */
  readonly url?: string | undefined
  /** When it was shown, in milliseconds since 1970. No two have the same. */
  readonly at: number
  readonly read: boolean
}

/** A message as it is kept. */
export interface InboxEntry extends InboxMessage {
  /** The registration's scope. */
  readonly scope: string
  /** Who was signed in when it was shown; empty for nobody. */
  readonly owner: string
  /** The group's name. */
  readonly group?: string | undefined
  /** When it goes, in milliseconds since 1970. */
  readonly until: number
}

/**
 * Adds a message, in the place of one with its id, and lets go of those that are too old or too many.
 *
 * @param entries - The newest first.
 * @param keep - How many stay.
 */
export function addEntry(
  entries: readonly InboxEntry[],
  entry: InboxEntry,
  keep: number,
): readonly InboxEntry[] {
  const [newest] = entries
  // One a millisecond, so that a page of the list ends at a moment.
  const at = Math.max(entry.at, (newest?.at ?? 0) + 1)
  return [{ ...entry, at }, ...entries.filter(({ id }) => id !== entry.id)].filter(
    ({ until }, index) => index < keep && until > entry.at,
  )
}
