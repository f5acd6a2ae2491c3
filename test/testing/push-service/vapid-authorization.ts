import { SignJWT, generateKeyPair, exportJWK } from 'jose'

/** A VAPID key pair. */
export interface VapidKeys {
  readonly privateKey: CryptoKey
  /** Base64url without padding. */
  readonly publicKey: string
}

/** What a test changes in a token that is otherwise good. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

export async function createVapidKeys(): Promise<VapidKeys> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '' } = await exportJWK(publicKey)
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ])
  return { privateKey, publicKey: point.toString('base64url') }
}

/** Signs a token for the origin of an endpoint, good for an hour of the real clock. */
export function signToken(
  endpoint: string,
  { privateKey }: VapidKeys,
  { claims = {}, header = {} }: TokenChanges = {},
): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 3600
  return new SignJWT({ aud: new URL(endpoint).origin, exp, sub: 'mailto:a@example.com', ...claims })
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256', ...header })
    .sign(privateKey)
}

/** Signs any text as a token's parts, also such as are no JSON. */
export async function signText(
  header: string,
  claims: string,
  { privateKey }: VapidKeys,
): Promise<string> {
  const encode = (text: string) => Buffer.from(text).toString('base64url')
  const signed = `${encode(header)}.${encode(claims)}`
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(algorithm, privateKey, Buffer.from(signed))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

/** Gives a good `Authorization` header. */
export async function authorize(
  endpoint: string,
  keys: VapidKeys,
  changes?: TokenChanges,
): Promise<string> {
  return `vapid t=${await signToken(endpoint, keys, changes)}, k=${keys.publicKey}`
}
