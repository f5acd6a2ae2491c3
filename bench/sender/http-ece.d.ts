/** What of `http_ece` the bench uses; the package has no types of its own. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto'

  interface DecryptParameters {
    readonly version: 'aes128gcm' | 'aesgcm'
    readonly privateKey: ECDH
    /** Base64url. */
    readonly authSecret: string
    /** Base64url; of `aesgcm` alone. */
    readonly dh?: string
    readonly salt?: string
  }
  export function decrypt(body: Buffer, parameters: DecryptParameters): Buffer
}
