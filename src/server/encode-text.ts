/** UTF-8, in a buffer that WebCrypto takes. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
