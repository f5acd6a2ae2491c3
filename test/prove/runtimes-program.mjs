// What each runtime runs: the published sender, on what the runtime has.
import { createPushSender, generateVapidKeys } from 'pushwell/server'

/** Sends a message of each size to one subscription. Returns how each ended, and what a sender of many said. */
export async function sendSizes({ subscription, sizes }) {
  const vapid = { subject: 'mailto:proof@pushwell.example', ...(await generateVapidKeys()) }
  const sender = createPushSender({ vapid, endpoints: () => true })
  const statuses = []
  for (const size of sizes) {
    const outcome = await sender.send(subscription, { payload: 'x'.repeat(size) }, { ttl: 60 })
    statuses.push(outcome.status)
  }
  const message = { notification: { title: 'To all' } }
  for await (const { outcome } of sender.sendAll([subscription, subscription], message)) {
    statuses.push(outcome.status)
  }
  return statuses
}
