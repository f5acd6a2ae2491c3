import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import webPush from 'web-push'
import { createPushSender as createPortable } from '../../src/server/index.ts'
import { createPushSender as createForNode } from '../../src/server-node/index.ts'
import type { BenchSubscription, BenchVapid } from './contender.ts'

/** One way to send a message all the way. */
export interface Deliverer {
  readonly name: string
  readonly deliver: (subscription: BenchSubscription, text: string) => Promise<void>
}

/** web-push at its defaults, and Pushwell's senders at theirs. */
export function deliverers(vapid: BenchVapid): readonly Deliverer[] {
  const endpoints = { hosts: ['localhost'] }
  const own = [
    { name: 'pushwell, Node', create: createForNode },
    { name: 'pushwell, fetch', create: createPortable },
  ]
  return [
    {
      name: 'web-push',
      deliver: async (subscription, text) => {
        const options = { vapidDetails: vapid, TTL: 60 }
        const { statusCode } = await webPush.sendNotification(subscription, text, options)
        if (statusCode !== 201) throw new Error(`web-push was answered ${statusCode}.`)
      },
    },
    ...own.map(({ name, create }): Deliverer => {
      const sender = create({ vapid, endpoints: policyOf(endpoints) })
      return {
        name,
        deliver: async (subscription, text) => {
          const outcome = await sender.send(subscription, { payload: text }, { ttl: 60 })
          if (outcome.status !== 'accepted') throw new Error(JSON.stringify(outcome))
        },
      }
    }),
  ]
}

/** The port is not known beforehand. */
function policyOf({ hosts }: { readonly hosts: readonly string[] }): (url: URL) => boolean {
  return ({ protocol, hostname }) => protocol === 'https:' && hosts.includes(hostname)
}

/** Has this process trust a service, whatever it is spoken to with. */
export function trust(certificate: string): void {
  setDefaultCACertificates([...getCACertificates('default'), certificate])
}
