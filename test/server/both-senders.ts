import { createPushSender as createPortable, generateVapidKeys } from '../../src/server/index.ts'
import { createPushSender as createForNode } from '../../src/server-node/index.ts'

/** What the senders sign with. */
export const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }

/** The two senders, which behave alike, by what tests call them. */
export const senders = [
  ['the portable sender', createPortable],
  ['the sender for Node', createForNode],
] as const
