/** What of `http_ece` the tests use; the package has no types of its own. */
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto'

  interface DecryptParameters {
    readonly version: 'aes128gcm'
    /** Base64url: the keying material itself. */
    readonly key?: string
    readonly privateKey?: ECDH
    /** Base64url. */
    readonly authSecret?: string
  }
  export function decrypt(body: Buffer, parameters: DecryptParameters): Buffer
}
