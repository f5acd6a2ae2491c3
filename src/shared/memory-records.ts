import type { RegistrationRecord, RegistrationRecords } from './registration-record.ts'

/** Keeps registration records for as long as the page is open. */
export function createMemoryRecords(): RegistrationRecords {
  const records = new Map<string, RegistrationRecord>()
  return {
    persistent: true,
    get: (scope) => Promise.resolve(records.get(scope)),
    update(scope, change) {
      const record = change(records.get(scope) ?? { scope, mayHold: [] })
      records.set(scope, record)
      return Promise.resolve(record)
    },
  }
}
