import { parseArgs } from 'node:util'
import { generateVapidKeys } from '../server/index.ts'
import type { Command } from './command.ts'

/** `pushwell keys`: makes a VAPID key pair (RFC 8292), as lines for an `.env` file or as JSON. */
export const keysCommand: Command = {
  summary: 'make a VAPID key pair; --json for JSON',
  async run(args, { out }) {
    const options = { json: { type: 'boolean', default: false } } as const
    const { json } = parseArgs({ args: [...args], options }).values
    const keys = await generateVapidKeys()
    if (json) out(JSON.stringify(keys))
    else out(`VAPID_PUBLIC_KEY=${keys.publicKey}\nVAPID_PRIVATE_KEY=${keys.privateKey}`)
    return 0
  },
}
