import type { IncomingHttpHeaders } from 'node:http'
import { isP256Point } from '../../shared/application-server-key.ts'
import { encodeBase64url } from '../../shared/base64url.ts'
import { readEncryptedBody } from './encrypted-body.ts'
import type { EncryptedBody } from './encrypted-body.ts'
import { encodingOf, refuseUrgency } from './push-request.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'

/** The tag, and the delimiter that even an empty plaintext has (RFC 8188 §2). */
const leastRecordOctets = 17

/** The least record size (RFC 8188 §2.1). */
const leastRecordSize = 18

/** What a strict service looks at beyond what every service does. */
export interface StrictRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
  /** The key of the VAPID token, base64url without padding; `null` when there was none. */
  readonly vapidKey: string | null
}

/**
 * Checks a push request for what the RFCs forbid although services and browsers let it pass. What
 * only the holder of the browser's keys could tell stays unseen.
 */
export async function checkStrictly({
  headers,
  body,
  vapidKey,
}: StrictRequest): Promise<Refusal | null> {
  const urgency = refuseUrgency(headers)
  if (urgency) return urgency
  const encoding = encodingOf(headers)
  if (body.length === 0) return checkEmpty(encoding)
  // RFC 8291 §4: aes128gcm is the only content coding; aesgcm was a draft's.
  if (encoding !== 'aes128gcm') {
    return refuse('encoding', 'RFC 8291 §4 knows the Content-Encoding aes128gcm only, not aesgcm.')
  }
  const parsed = readEncryptedBody(body)
  if (!parsed) return refuse('encryption', 'The body ends within its header (RFC 8188 §2.1).')
  const reason =
    (await checkSenderKey(parsed, vapidKey)) ?? checkRecordSize(parsed) ?? checkRecord(parsed)
  return reason === null ? null : refuse('encryption', reason)
}

function checkEmpty(encoding: string): Refusal | null {
  // RFC 8188 §2: even an empty plaintext has a header and a record in this coding.
  if (encoding === '') return null
  const reason = 'Content-Encoding is set, but there is no body:'
  return refuse('encoding', `${reason} an empty body is not valid in any encryption (RFC 8188 §2).`)
}

async function checkSenderKey(
  { keyId }: EncryptedBody,
  vapidKey: string | null,
): Promise<string | null> {
  if (keyId.length !== 65) {
    return `The key id has ${keyId.length} octets; it is the sender's public key, 65 (RFC 8291 §4).`
  }
  if (!(await isP256Point(keyId))) {
    return 'The key id is not an uncompressed point on the P-256 curve (RFC 8291 §3.1, §4).'
  }
  return encodeBase64url(keyId) === vapidKey
    ? 'The key that signs the VAPID token must not encrypt the message too (RFC 8292 §3.2).'
    : null
}

function checkRecordSize({ recordSize, recordsLength }: EncryptedBody): string | null {
  if (recordSize < leastRecordSize) {
    return `The record size is ${recordSize}; ${leastRecordSize} is the least (RFC 8188 §2.1).`
  }
  if (recordsLength > recordSize) {
    const count = Math.ceil(recordsLength / recordSize)
    return `With a record size of ${recordSize} these are ${count} records; a push message is a single one (RFC 8291 §4).`
  }
  // RFC 8291 §4 wants it greater than plaintext, delimiter, padding and tag together.
  return recordsLength === recordSize
    ? `The record size is ${recordSize}; it must be greater than the record is long (RFC 8291 §4).`
    : null
}

function checkRecord({ recordsLength }: EncryptedBody): string | null {
  if (recordsLength < leastRecordOctets) {
    return `The record has ${recordsLength} octets; with its tag and delimiter ${leastRecordOctets} is the least (RFC 8188 §2).`
  }
  // No RFC forbids it, but Chromium drops it without a word (seen in Chromium 156).
  return recordsLength === leastRecordOctets
    ? 'This is an empty plaintext, encrypted; Chromium drops it. Send no body instead.'
    : null
}
