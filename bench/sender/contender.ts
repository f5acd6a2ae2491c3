/** A subscription as senders take it, and what it takes to read what they made. */
export interface BenchSubscription {
  readonly endpoint: string
  readonly expirationTime: null
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

/** The key pair that all contenders sign with. */
export interface BenchVapid {
  readonly subject: string
  readonly publicKey: string
  readonly privateKey: string
}

/** A request as a contender would make it. */
export interface MadeRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** One way to make the requests of messages: encrypted, and signed for. */
export interface Contender {
  readonly name: string
  /** How many are under way at a time. */
  readonly inFlight: number
  readonly make: (
    subscription: BenchSubscription,
    text: string,
  ) => MadeRequest | Promise<MadeRequest>
}
