import { createPrivateKey, webcrypto } from 'node:crypto'
import { buildPushPayload } from '@block65/webcrypto-web-push'
import { buildPushHTTPRequest } from '@pushforge/builder'
import webPush from 'web-push'
import { generateRequestDetails } from 'web-push-neo'
import { ApplicationServerKeys, generatePushHTTPRequest, setWebCrypto } from 'webpush-webcrypto'
import type { BenchVapid, Contender, MadeRequest } from './contender.ts'

/** The other senders of the npm registry, as their documentation says to use them. */
export async function peers(vapid: BenchVapid): Promise<readonly [Contender, ...Contender[]]> {
  const jwk = jwkOf(vapid)
  setWebCrypto(webcrypto)
  const applicationServerKeys = await ApplicationServerKeys.fromJSON({
    publicKey: vapid.publicKey,
    privateKey: createPrivateKey({ key: jwk, format: 'jwk' })
      .export({ type: 'pkcs8', format: 'der' })
      .toString('base64url'),
  })
  const vapidDetails = vapid
  return [
    {
      name: 'web-push',
      inFlight: 1,
      make: (subscription, text) => {
        const options = { vapidDetails, TTL: 60 }
        const { headers, body } = webPush.generateRequestDetails(subscription, text, options)
        return madeOf(headers, body)
      },
    },
    {
      name: 'web-push-neo',
      inFlight: 64,
      async make(subscription, text) {
        const options = { vapidDetails, TTL: 60 }
        const { headers, body } = await generateRequestDetails(subscription, text, options)
        return madeOf(headers, body as Uint8Array)
      },
    },
    {
      name: 'block65',
      inFlight: 64,
      async make(subscription, text) {
        const message = { data: text, options: { ttl: 60 } }
        const { headers, body } = await buildPushPayload(message, subscription, vapid)
        return madeOf(headers, body)
      },
    },
    {
      name: 'pushforge',
      inFlight: 64,
      async make(subscription, text) {
        const message = { payload: text, adminContact: vapid.subject, options: { ttl: 60 } }
        const { headers, body } = await buildPushHTTPRequest({
          privateJWK: jwk,
          subscription,
          message,
        })
        return madeOf(headers, new Uint8Array(body))
      },
    },
    {
      name: 'webpush-webcrypto',
      inFlight: 64,
      async make(target, payload) {
        const { headers, body } = await generatePushHTTPRequest({
          applicationServerKeys,
          payload,
          target,
          adminContact: vapid.subject,
          ttl: 60,
        })
        return madeOf(headers, new Uint8Array(body))
      },
    },
  ]
}

/** Some give `Headers`, some an object. */
function madeOf(
  headers: Headers | Readonly<Record<string, string>>,
  body: Uint8Array,
): MadeRequest {
  return { headers: headers instanceof Headers ? Object.fromEntries(headers) : headers, body }
}

function jwkOf({ publicKey, privateKey: d }: BenchVapid) {
  const point = Buffer.from(publicKey, 'base64url')
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  return { kty: 'EC', crv: 'P-256', x, y, d }
}
