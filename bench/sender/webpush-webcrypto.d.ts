/** What of `webpush-webcrypto` the bench uses; the package has no types of its own. */
declare module 'webpush-webcrypto' {
  export function setWebCrypto(crypto: object): void
  export interface Keys {
    readonly publicKey: CryptoKey
  }
  export const ApplicationServerKeys: {
    fromJSON(keys: { publicKey: string; privateKey: string }): Promise<Keys>
  }
  export function generatePushHTTPRequest(request: {
    readonly applicationServerKeys: Keys
    readonly payload: string
    readonly target: {
      readonly endpoint: string
      readonly keys: { readonly p256dh: string; readonly auth: string }
    }
    readonly adminContact: string
    readonly ttl: number
  }): Promise<{ headers: Headers; body: ArrayBuffer; endpoint: string }>
}
