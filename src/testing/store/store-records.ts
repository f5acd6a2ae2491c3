import { subscriptionId } from '../../shared/protocol.ts'
import type {
  SubscriptionFilter,
  SubscriptionRecord,
  SubscriptionStore,
} from '../../server/index.ts'

/** Makes a record that no other has the id of, with everything in it that a record can have. */
export async function createRecord(
  name: string,
  change: Partial<SubscriptionRecord> = {},
): Promise<SubscriptionRecord> {
  const endpoint = `https://push.example.net/p/${name}`
  return {
    id: await subscriptionId(endpoint),
    subscription: {
      endpoint,
      expirationTime: null,
      keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
    },
    applicationServerKey: `B${'B'.repeat(86)}`,
    recipient: 'user-1',
    tags: ['news', "it's; DROP TABLE", 'ü "{}, \\'],
    client: { sdk: 'pushwell/0.1.0', language: 'de-AT', timeZone: 'Europe/Vienna' },
    createdAt: 1_800_000_000_000,
    updatedAt: 1_800_000_000_001,
    ...change,
  }
}

/** How many records the cases put that are about many: more than a page of most stores. */
const many = 1100

/** Puts many records, every second one with the tag `odd`, the others `even`. */
export async function putMany(store: SubscriptionStore): Promise<readonly SubscriptionRecord[]> {
  const records = await Promise.all(
    Array.from({ length: many }, (_, index) =>
      createRecord(`many-${index}`, { tags: [index % 2 ? 'odd' : 'even'] }),
    ),
  )
  for (const record of records) await store.put(record)
  return records
}

/** The ids of what a store lists, in order. A store that lists more than there can be is cut off. */
export async function listedIds(
  store: SubscriptionStore,
  filter?: SubscriptionFilter,
): Promise<string[]> {
  const found: string[] = []
  for await (const { id } of filter ? store.list(filter) : store.list()) {
    if (found.push(id) > 2 * many) break
  }
  return found.sort()
}

/** The ids of records, in order. */
export function idsOf(records: readonly SubscriptionRecord[]): string[] {
  return records.map(({ id }) => id).sort()
}
