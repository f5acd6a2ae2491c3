import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { type ArgumentError, typeError } from './errors.ts'

/** The public half of a VAPID key pair (RFC 8292 §3.2): base64url without padding, or its bytes. */
export type ApplicationServerKey = string | ArrayBuffer | ArrayBufferView<ArrayBuffer>

/**
 * The one base64url spelling of 65 octets of which the first is 4, as an uncompressed P-256 point
 * has them: `BA` to `BP` at the front, and no bits left over in the last character.
 */
const spelling = /^B[A-P][\w-]{84}[AEIMQUYcgkosw048]$/

/**
 * Gives an application server key its canonical form: 87 characters of base64url.
 *
 * It is also the form to subscribe with: of a view of bytes, Firefox ignores the offset (seen in
 * Firefox 153).
 *
 * @throws TypeError with the code `invalid-application-server-key`. That the point lies on the
 * curve is not checked here: {@link isP256Point} does, and a browser does when it subscribes.
 */
export function canonicalApplicationServerKey(key: ApplicationServerKey): string {
  const text = typeof key === 'string' ? key : encodeBase64url(bytesOf(key))
  if (spelling.test(text)) return text
  throw invalidApplicationServerKey()
}

/** Makes the error for a key that is none, or that a browser finds not to be on the curve. */
export function invalidApplicationServerKey(): ArgumentError {
  return typeError(
    'invalid-application-server-key',
    'applicationServerKey must be a public VAPID key: 65 octets, or 87 characters of base64url.',
  )
}

/** Reads an application server key as its 65 octets, in a buffer of their own. */
export function parseApplicationServerKey(key: ApplicationServerKey): Uint8Array<ArrayBuffer> {
  return decodeBase64url(canonicalApplicationServerKey(key)) ?? new Uint8Array()
}

function bytesOf(key: Exclude<ApplicationServerKey, string>): Uint8Array {
  return ArrayBuffer.isView(key)
    ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength)
    : // A number would be taken for a length.
      new Uint8Array(Object(key) as ArrayBuffer)
}

/** Tells whether 65 octets are a point on the P-256 curve. */
export function isP256Point(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  return crypto.subtle.importKey('raw', bytes, algorithm, true, ['verify']).then(
    () => true,
    () => false,
  )
}
