import { assembleSender } from '../server/assemble-sender.ts'
import { createFetchTransport } from '../server/fetch-transport.ts'
import type { MessageDefinitions, PushSender, PushSenderOptions } from '../server/index.ts'
import { createMessageEncryption } from './encrypt-message.ts'

/** Makes a sender as the portable `createPushSender` does, of what Node is best at. */
export function createPushSender<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushSenderOptions<Definitions>,
): PushSender<Definitions> {
  const { fetch = globalThis.fetch, transport = createFetchTransport(fetch) } = options
  return assembleSender(options, { encrypt: createMessageEncryption(), transport })
}
