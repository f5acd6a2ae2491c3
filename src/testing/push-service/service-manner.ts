import type { IncomingHttpHeaders } from 'node:http'
import type { Answer, Refusal, RefusalKind } from './refusal.ts'

/** Whose push service the local one answers like. */
export type ServiceMannerName = 'mozilla' | 'fcm' | 'apple' | 'wns'

/** How a service answers one kind of refusal. */
export interface MannerRow {
  readonly status: number
  /** The service's own word for it: a number at Mozilla, a name at Apple, a sentence elsewhere. */
  readonly code: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What an accepted push is answered with. */
export interface AcceptedPush {
  readonly id: string
  /** The absolute URL of the message (RFC 8030 §5). */
  readonly location: string
  /** Seconds, as the service keeps it. */
  readonly ttl: number
  /** Whether the browser is connected now. */
  readonly isConnected: boolean
}

/** How one vendor's push service answers senders: a table, and how its rows are written. */
export interface ServiceManner {
  /** The largest body, in octets. */
  readonly maxBodyOctets: number
  /** Seconds. `beyond`: what becomes of a longer one. */
  readonly ttl: {
    readonly least: number
    readonly most: number
    readonly beyond: 'clamped' | 'refused'
  }
  /** Whether an unknown Urgency is refused. */
  readonly checksUrgency: boolean
  /** What the service wants of the claim `sub`; `null` when it does not look. */
  readonly checkSubject: ((sub: unknown) => string | null) | null
  /** What the service minds in the headers that no RFC forbids. */
  readonly checkHeaders?: (headers: IncomingHttpHeaders) => Refusal | null
  readonly rows: Readonly<Record<RefusalKind, MannerRow>>
  /** The service's word for an HTTP status, for a fault that a test asked for. */
  codeOf(status: number): string
  /**
   * Writes a refusal.
   *
   * @param said - `isExplained`: whether the sentence must stand in the body, although the service
   * itself would not say it.
   */
  refuse(row: MannerRow, said: { readonly message: string; readonly isExplained: boolean }): Answer
  accept(push: AcceptedPush): Answer
}

/**
 * Answers a refusal in a manner.
 *
 * @param isExplained - Whether the reason must stand in the body in words, whatever the manner.
 */
export function answerRefusal(
  manner: ServiceManner,
  { kind, message, headers }: Refusal,
  isExplained: boolean,
): Answer {
  const row = manner.rows[kind]
  const answer = manner.refuse(row, { message, isExplained })
  return withHeaders(answer, { ...row.headers, ...headers })
}

/** Answers with a status that a test asked for, in a manner. */
export function answerFault(
  manner: ServiceManner,
  { status, retryAfter }: { readonly status: number; readonly retryAfter?: number | string },
): Answer {
  const row = { status, code: manner.codeOf(status) }
  const message = 'The test asked for this answer.'
  const answer = manner.refuse(row, { message, isExplained: false })
  return retryAfter === undefined
    ? answer
    : withHeaders(answer, { 'retry-after': String(retryAfter) })
}

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } }
}
