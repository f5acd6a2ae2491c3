/** Tells the store's failures, which pass, from all others. */
export class StoreFailure extends Error {}

/** Does something in the store. @throws StoreFailure with what the store threw as its `cause`. */
export async function stored<Value>(operation: () => Promise<Value>): Promise<Value> {
  try {
    return await operation()
  } catch (cause) {
    throw new StoreFailure('The store failed.', { cause })
  }
}
