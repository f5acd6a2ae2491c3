import type { Receipt } from './receipt.ts'
import type { PushSubscriptionData } from './subscription.ts'

/**
 * The sync protocol, version 1: how a page and its worker keep a backend in step. Written out for
 * any backend in `docs/sync-protocol.yaml`; these are its shapes.
 */
export interface PutSubscriptionRequest {
  readonly version: 1
  readonly subscription: PushSubscriptionData
  /** The key that the subscription was made with, base64url. */
  readonly applicationServerKey: string
  /** The endpoint that this subscription takes the place of. Knowing it proves owning it. */
  readonly replaces?: string | undefined
  readonly tags?: readonly string[] | undefined
  /** Nobody is signed in at this device any more, whatever credentials come along. */
  readonly signedOut?: true | undefined
  readonly client: ClientDescription
}

/** What the backend may want to know of the browser behind a subscription. */
export interface ClientDescription {
  /** BCP 47, as `navigator.language`. */
  readonly language?: string | undefined
  /** IANA name, as `Intl.DateTimeFormat().resolvedOptions().timeZone`. */
  readonly timeZone?: string | undefined
  /** Name and version of what speaks, e.g. `pushwell/0.1.0`. */
  readonly sdk: string
  readonly platform?: string | undefined
}

/**
 * The backend's answer to a PUT: `ok`, or `rotate` when it wants the subscription to move to
 * another key. With either the subscription is stored and can be sent to.
 */
export type PutSubscriptionResponse =
  | { readonly status: 'ok' }
  | { readonly status: 'rotate'; readonly applicationServerKey: string }

/**
 * What `DELETE /subscriptions/{id}` may carry: knowing the endpoint whose SHA-256 the `id` is proves
 * owning it, so the subscription goes whoever is signed in, and whoever's it is.
 */
export interface DeleteSubscriptionRequest {
  readonly endpoint: string
}

/** What `POST /receipts` carries: what became of messages on a device. */
export interface ReceiptsRequest {
  /** 1 to 50. */
  readonly receipts: readonly Receipt[]
}

/** The backend's answer to `GET /key`. */
export interface KeyResponse {
  readonly applicationServerKey: string
}

/** An error body (RFC 9457, `application/problem+json`). */
export interface ProblemDetails {
  /** A URI that names the kind of problem, or `about:blank`. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  /** Stable, for code to depend on. */
  readonly code?: string
}

/**
 * Names a subscription without giving its endpoint away: SHA-256 of the endpoint, 64 lower-case
 * hexadecimal digits. It is the path of `DELETE /subscriptions/{id}`.
 */
export async function subscriptionId(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
