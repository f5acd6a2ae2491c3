/** Writes bytes as base64url without padding (RFC 4648 §5, as RFC 7515 §2 and RFC 8291 use it). */
export function encodeBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Reads base64url strictly: no padding, no white space, no `+` or `/`, and no set bits left over,
 * so that each byte string has exactly one spelling.
 *
 * @returns The bytes in a buffer of exactly their length, or `null` when the text is anything else.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (/[^\w-]/.test(text) || text.length % 4 === 1) return null
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/')
  const binary = atob(base64)
  // Bits that are left over come back as zeros, so that the text differs.
  if (!btoa(binary).startsWith(base64)) return null
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
