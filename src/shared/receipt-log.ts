import type { PushwellDatabase } from './database.ts'
import type { DatabaseConnection } from './database-connection.ts'
import { receiptEvents, type StoredReceipt } from './receipt.ts'

/** How many receipts of a scope wait for the backend, the newest. */
const kept = 1000

type ReceiptStore = ReturnType<typeof openStore>['store']

function openStore(database: PushwellDatabase) {
  return database.transaction('receipts', 'readwrite')
}

/** The receipts that the backend has not answered yet. Its methods reject when the database fails. */
export interface ReceiptLog {
  /** Keeps receipts; of one owner's that is there already the first stays. */
  add(receipts: readonly StoredReceipt[]): Promise<void>
  /** Gives the oldest of an owner, and drops those of all others. */
  list(scope: string, owner: string, limit: number): Promise<StoredReceipt[]>
  remove(receipts: readonly StoredReceipt[]): Promise<void>
  clear(scope: string): Promise<void>
}

/** Keeps receipts in IndexedDB. */
export function createReceiptLog(database: DatabaseConnection): ReceiptLog {
  const inStore = <Value>(work: (store: ReceiptStore) => Promise<Value>) =>
    database.use(async (open) => {
      const transaction = openStore(open)
      const value = await work(transaction.store)
      await transaction.done
      return value
    })
  const all = async (store: ReceiptStore, scope: string) =>
    (await store.getAll(rangeOf(scope))).toSorted((a, b) => a.at - b.at || rank(a) - rank(b))
  const rank = ({ event }: StoredReceipt) => receiptEvents.indexOf(event)
  const remove = (store: ReceiptStore, receipts: readonly StoredReceipt[]) =>
    Promise.all(receipts.map((one) => store.delete([one.scope, one.id, one.event])))
  return {
    add: (receipts) =>
      inStore(async (store) => {
        for (const receipt of receipts) {
          const { scope, id, event, owner } = receipt
          const before = await store.get([scope, id, event])
          if (before?.owner !== owner) await store.put(receipt)
        }
        for (const scope of new Set(receipts.map((one) => one.scope))) {
          if ((await store.count(rangeOf(scope))) > kept)
            await remove(store, (await all(store, scope)).slice(0, -kept))
        }
      }),
    list: (scope, owner, limit) =>
      inStore(async (store) => {
        const rows = await all(store, scope)
        const isOwn = (one: StoredReceipt) => one.owner === owner
        await remove(
          store,
          rows.filter((one) => !isOwn(one)),
        )
        return rows.filter(isOwn).slice(0, limit)
      }),
    async remove(receipts) {
      await inStore((store) => remove(store, receipts))
    },
    clear: (scope) => inStore((store) => store.delete(rangeOf(scope))),
  }
}

function rangeOf(scope: string): IDBKeyRange {
  return IDBKeyRange.bound([scope], [scope, []])
}
