import {
  createCipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { createHmacSha256 } from '../../src/server/hmac-sha256.ts'
import { createSaltSource } from '../../src/server-node/salt-source.ts'
import type { BenchSubscription, BenchVapid, Contender } from './contender.ts'

type AnyHmac = (key: Uint8Array, data: Uint8Array) => Uint8Array

const nodeHmac: AnyHmac = (key, data) =>
  createHmac('sha256', createSecretKey(key)).update(data).digest()

/**
 * The least that a sender has to do on Node, written by hand with no checks at all: a pair and a
 * salt for each message, a token for each origin. Nothing that keeps to RFC 8291, and does all of it
 * at once, can be much faster on `node:crypto`. There are several, because it depends on the Node
 * which of its ways is the fastest; the last one keeps the keys of those that it has sent to before.
 */
export function synchronousLimits(vapid: BenchVapid): Contender[] {
  const limits = [
    { name: 'createHmac', hmac: nodeHmac, agree: createAgreement() },
    { name: 'JavaScript', hmac: createHmacSha256(), agree: createAgreement() },
    { name: 'KeyObject', hmac: createHmacSha256(), agree: createKeyAgreement() },
  ]
  return limits.map(({ name, hmac, agree }) => ({
    name: `limit, ${name}`,
    inFlight: 1,
    make: createLimit(vapid, hmac, agree),
  }))
}

type Keys = BenchSubscription['keys']

/** Gives the public key of a new pair, and what it shares with a browser's. */
type Agreement = (
  p256dh: Buffer,
  keys: Keys,
) => { readonly keyid: Uint8Array; readonly shared: Uint8Array }

function createAgreement(): Agreement {
  const ecdh = createECDH('prime256v1')
  return (p256dh) => ({ keyid: ecdh.generateKeys(), shared: ecdh.computeSecret(p256dh) })
}

function createKeyAgreement(): Agreement {
  const imported = new WeakMap<Keys, KeyObject>()
  return (p256dh, keys) => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' })
    const keyid = Buffer.allocUnsafe(65)
    keyid[0] = 4
    keyid.write(x, 1, 'base64url')
    keyid.write(y, 33, 'base64url')
    const publicKey = imported.get(keys) ?? importKey(p256dh)
    imported.set(keys, publicKey)
    return { keyid, shared: diffieHellman({ privateKey: pair.privateKey, publicKey }) }
  }
}

function importKey(p256dh: Buffer): KeyObject {
  const spki = Buffer.concat([spkiPrefix, p256dh]).toString('base64')
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----`)
}

function createLimit(vapid: BenchVapid, hmac: AnyHmac, agree: Agreement): Contender['make'] {
  const tokens = new Map<string, string>()
  const nextSalt = createSaltSource()
  return ({ endpoint, keys }, text) => {
    const p256dh = Buffer.from(keys.p256dh, 'base64url')
    const { keyid, shared } = agree(p256dh, keys)
    const salt = nextSalt()
    const key = hmac(Buffer.from(keys.auth, 'base64url'), shared)
    const ikm = hmac(key, Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, keyid, one]))
    const prk = hmac(salt, ikm)
    const cek = hmac(prk, cekInfo).subarray(0, 16)
    const nonce = hmac(prk, nonceInfo).subarray(0, 12)
    const cipher = createCipheriv('aes-128-gcm', createSecretKey(cek), nonce)
    const sealed = cipher.update(`${text}\u0002`)
    cipher.final()
    const body = Buffer.concat([salt, header, keyid, sealed, cipher.getAuthTag()])
    const { origin } = new URL(endpoint)
    let token = tokens.get(origin)
    if (!token) tokens.set(origin, (token = signToken(origin, vapid)))
    return {
      headers: { TTL: '60', 'Content-Encoding': 'aes128gcm', Authorization: token },
      body,
    }
  }
}

const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
const one = Buffer.of(1)
const header = Buffer.of(0, 0, 16, 0, 65)
const cekInfo = Buffer.from('Content-Encoding: aes128gcm\0\u0001')
const nonceInfo = Buffer.from('Content-Encoding: nonce\0\u0001')

function signToken(aud: string, { subject: sub, publicKey, privateKey: d }: BenchVapid): string {
  const point = Buffer.from(publicKey, 'base64url')
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' })
  const exp = Math.floor(Date.now() / 1000) + 12 * 3600
  const unsigned = [
    { typ: 'JWT', alg: 'ES256' },
    { aud, exp, sub },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(unsigned), { key, dsaEncoding: 'ieee-p1363' })
  return `vapid t=${unsigned}.${signature.toString('base64url')}, k=${publicKey}`
}
