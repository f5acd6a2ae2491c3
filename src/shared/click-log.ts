import type { DatabaseConnection } from './database-connection.ts'
import type { StoredClick } from './stored-click.ts'

/** How long a click waits for a page to take it. */
const keptMs = 86_400_000
/** How many of a scope wait. */
const kept = 20

/**
 * The clicks that no page has taken yet. Its methods reject when the database fails.
 */
export interface ClickLog {
  /** Keeps a click, and lets go of the scope's clicks that are a day older or that are too many. */
  add(click: StoredClick): Promise<void>
  /**
   * Takes the clicks that are wanted, the oldest first. Each is given to one taker alone, over all
   * tabs: reading and removing are one transaction.
   *
   * @param wanted - Pure: it may be called more than once.
   */
  take(scope: string, wanted: (click: StoredClick) => boolean): Promise<StoredClick[]>
  /** Takes the click with this key; `undefined` when somebody else has taken it. */
  takeOne(key: string): Promise<StoredClick | undefined>
}

/** Keeps clicks in IndexedDB. */
export function createClickLog(database: DatabaseConnection): ClickLog {
  /** Removes what is chosen of all clicks, given the newest first, and adds one, in one step. */
  const change = (choose: (clicks: StoredClick[]) => StoredClick[], added?: StoredClick) =>
    database.use(async (open) => {
      const transaction = open.transaction('clicks', 'readwrite')
      const { store } = transaction
      const all = await store.getAll()
      const removed = choose(all.toSorted((a, b) => b.at - a.at))
      await Promise.all([
        ...removed.map(({ key }) => store.delete(key)),
        added && store.put(added),
        transaction.done,
      ])
      return removed
    })
  return {
    async add(click) {
      await change(
        (clicks) =>
          clicks
            .filter(({ scope }) => scope === click.scope)
            .filter(({ at }, index) => index >= kept - 1 || at < click.at - keptMs),
        click,
      )
    },
    take: (scope, wanted) =>
      change((clicks) =>
        clicks.filter((click) => click.scope === scope && wanted(click)).toReversed(),
      ),
    takeOne: async (key) => (await change((clicks) => clicks.filter((it) => it.key === key)))[0],
  }
}
