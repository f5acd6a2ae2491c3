import type { SubscriptionRecord, SubscriptionStore } from './subscription-store.ts'

/**
 * Makes a store that forgets everything when the process ends: for tests and first steps.
 */
export function createMemoryStore(): SubscriptionStore {
  const records = new Map<string, SubscriptionRecord>()
  return {
    async put(record, { replaces } = {}) {
      records.set(record.id, structuredClone(record))
      if (replaces !== undefined && replaces !== record.id) records.delete(replaces)
    },
    async remove(id, options) {
      const owner = records.get(id)?.recipient ?? null
      if (!options || owner === null || owner === options.recipient) records.delete(id)
    },
    async get(id) {
      return structuredClone(records.get(id) ?? null)
    },
    async *list({ recipient, tag } = {}) {
      for (const record of records.values()) {
        if (recipient !== undefined && record.recipient !== recipient) continue
        if (tag !== undefined && !record.tags.includes(tag)) continue
        yield structuredClone(record)
      }
    },
  }
}
