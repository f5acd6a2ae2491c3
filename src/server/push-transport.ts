/** One request to a push service. */
export interface PushRequest {
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** `null` for a push with no payload. */
  readonly body: Uint8Array<ArrayBuffer> | null
  /** How long the whole exchange may take. */
  readonly timeoutMs: number
  /** Ends the exchange early. */
  readonly signal?: AbortSignal | undefined
}

/** What a push service answered. */
export interface PushResponse {
  readonly httpStatus: number
  /** Gives a header by its name, in any case; `null` when it is not there. */
  readonly header: (name: string) => string | null
  /** The beginning of the body, as text. */
  readonly body: string
}

/**
 * Makes the requests of a sender: POST, and no redirect is followed.
 *
 * It rejects when there was no answer: with an error named `TimeoutError` once the time is up, with
 * the signal's reason when that was aborted, and with one that has the code `endpoint-refused` for
 * an address that must not be spoken to.
 */
export type PushTransport = (request: PushRequest) => Promise<PushResponse>
