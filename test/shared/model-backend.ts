import type { PutSubscriptionRequest } from '../../src/shared/protocol.ts'

/** What the model keeps of a subscription. */
export interface ModelRow {
  readonly endpoint: string
  readonly applicationServerKey: string
  /** Who is signed in at the device; `null` when nobody is. */
  readonly owner: string | null
  readonly tags: readonly string[]
}

/** A backend of the sync protocol in its simplest form: rows by their endpoint. */
export interface ModelBackend {
  readonly rows: ReadonlyMap<string, ModelRow>
  /** @param credentials - Whom the request's own credentials name. */
  put(request: PutSubscriptionRequest, credentials: string | null): void
  remove(endpoint: string): void
}

export function createModelBackend(): ModelBackend {
  const rows = new Map<string, ModelRow>()
  return {
    rows,
    put({ subscription, applicationServerKey, replaces, tags, signedOut }, credentials) {
      const { endpoint } = subscription
      const before = rows.get(endpoint) ?? rows.get(replaces ?? '')
      if (replaces !== undefined) rows.delete(replaces)
      rows.set(endpoint, {
        endpoint,
        applicationServerKey,
        owner: signedOut ? null : credentials,
        tags: tags ?? before?.tags ?? [],
      })
    },
    remove(endpoint) {
      rows.delete(endpoint)
    },
  }
}
