import { encodeBase64url } from '../shared/base64url.ts'

/** A key pair that identifies an application server to push services (RFC 8292). */
export interface VapidKeys {
  /** 65 octets in base64url: what pages pass as `applicationServerKey`. */
  readonly publicKey: string
  /** 32 octets in base64url. Keep it secret. */
  readonly privateKey: string
}

/** The key pair, and who answers for it. */
export interface VapidOptions extends VapidKeys {
  /**
   * How a push service reaches you when your messages make trouble: a `mailto:` or `https:` URL.
   * Apple refuses spaces, angle brackets and `localhost` with `BadJwtToken`, so these are refused
   * here.
   */
  readonly subject: string
}

/** Several key pairs side by side, as while subscriptions move from an old one to a new one. */
export interface VapidKeyRing extends Pick<VapidOptions, 'subject'> {
  /** The first signs wherever no other is asked for. */
  readonly keys: readonly VapidKeys[]
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * Makes a new VAPID key pair. Make it once and keep it: subscriptions are bound to the public key.
 */
export async function generateVapidKeys(): Promise<VapidKeys> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const publicKey = await crypto.subtle.exportKey('raw', pair.publicKey)
  const { d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return { publicKey: encodeBase64url(new Uint8Array(publicKey)), privateKey: d as string }
}
