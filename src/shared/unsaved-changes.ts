import type { RegistrationRecord } from './registration-record.ts'

/** What is done to a record. Pure: it may be called more than once. */
export type RecordChange = (record: RegistrationRecord) => RegistrationRecord

/** The changes of one record that the database did not take, in order. */
export interface UnsavedChanges {
  readonly changes: readonly RecordChange[]
  /** What came of them last: all there is while the database cannot be read. */
  readonly record: RegistrationRecord
  /** What stood in the database until it was taken out of it, as it was to be then. */
  readonly erased?: RegistrationRecord | undefined
}

/** So many changes are kept as they are. */
const kept = 100

/** The record that changes are made over: what others have stored goes before what was erased. */
function standing(
  scope: string,
  erased: RegistrationRecord | undefined,
  stored: RegistrationRecord | undefined,
): RegistrationRecord {
  if (erased) return { ...erased, ...stored, mayHold: union(erased, stored) }
  return stored ?? { scope, mayHold: [] }
}

/** Makes the changes again, over what is stored now. */
export function replay(
  { changes, record: { scope }, erased }: UnsavedChanges,
  stored: RegistrationRecord | undefined,
): RegistrationRecord {
  return changes.reduce(
    (record, change) => {
      try {
        return change(record)
      } catch {
        // It does not go with what others have stored since: too many tags, say.
        return record
      }
    },
    standing(scope, erased, stored),
  )
}

/**
 * Adds one more change, whose outcome is `record`. Of very many, only the fields that they changed
 * are kept.
 */
export function addUnsaved(
  { changes, erased }: Pick<UnsavedChanges, 'changes' | 'erased'>,
  change: RecordChange,
  record: RegistrationRecord,
  stored: RegistrationRecord | undefined,
): UnsavedChanges {
  const all = [...changes, change]
  if (all.length <= kept) return { changes: all, record, erased }
  const before = new Map(Object.entries(standing(record.scope, erased, stored)))
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before.get(name))
  const changed = Object.fromEntries(Object.entries(record).filter(differs))
  const lay: RecordChange = (under) => ({ ...under, ...changed, mayHold: union(under, record) })
  return { changes: [lay], record, erased }
}

/** All that the backend may hold by either: one endpoint too many is only removed once more. */
function union(one: RegistrationRecord, other: RegistrationRecord | undefined): string[] {
  return [...new Set([...one.mayHold, ...(other?.mayHold ?? [])])]
}
