import {
  createCipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  randomBytes,
  sign,
} from 'node:crypto'
import { hmacSha256 } from '../../src/server/hmac-sha256.ts'
import type { BenchVapid, Contender } from './contender.ts'

type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array

const hmacs: Readonly<Record<string, Hmac>> = {
  createHmac: (key, data) => createHmac('sha256', key).update(data).digest(),
  JavaScript: hmacSha256,
}

/**
 * The least that a sender has to do on Node, written by hand with no checks at all: a pair and a
 * salt for each message, a token for each origin. Nothing that keeps to RFC 8291 can be much faster
 * on `node:crypto`. There are two, because it depends on the Node which HMAC is the faster.
 */
export function synchronousLimits(vapid: BenchVapid): Contender[] {
  return Object.entries(hmacs).map(([name, hmac]) => ({
    name: `limit, ${name}`,
    inFlight: 1,
    make: createLimit(vapid, hmac),
  }))
}

function createLimit(vapid: BenchVapid, hmac: Hmac): Contender['make'] {
  const ecdh = createECDH('prime256v1')
  const tokens = new Map<string, string>()
  return ({ endpoint, keys }, text) => {
    const p256dh = Buffer.from(keys.p256dh, 'base64url')
    const keyid = ecdh.generateKeys()
    const salt = randomBytes(16)
    const key = hmac(Buffer.from(keys.auth, 'base64url'), ecdh.computeSecret(p256dh))
    const ikm = hmac(key, Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, keyid, one]))
    const prk = hmac(salt, ikm)
    const cek = hmac(prk, cekInfo).subarray(0, 16)
    const cipher = createCipheriv('aes-128-gcm', cek, hmac(prk, nonceInfo).subarray(0, 12))
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
