import { assembleSender } from '../server/assemble-sender.ts'
import { createFetchTransport } from '../server/fetch-transport.ts'
import type { MessageDefinitions, PushSender, PushSenderOptions } from '../server/index.ts'
import { createMessageEncryption } from './encrypt-message.ts'
import { createEnvironmentProxy } from './environment-proxy.ts'
import { createNodeTransport } from './node-transport.ts'
import { proxyUrlOf } from './proxy-url.ts'

/**
 * Makes a sender as the portable `createPushSender` does, of what Node is best at: connections that
 * are kept, and a look at each address before it is connected to. With `fetch` or `transport`, the
 * requests are made by these.
 */
export function createPushSender<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushSenderOptions<Definitions>,
): PushSender<Definitions> {
  const { endpoints, fetch, transport } = options
  return assembleSender(options, {
    encrypt: createMessageEncryption(),
    transport:
      transport ??
      (fetch
        ? createFetchTransport(fetch)
        : createNodeTransport({ endpoints, proxy: proxyOf(options) })),
  })
}

/** Without one of its own, a sender goes by the environment's, where Node itself would. */
function proxyOf({ proxy }: PushSenderOptions): (url: URL) => URL | undefined {
  if (proxy === undefined) return createEnvironmentProxy(process)
  const url = proxyUrlOf(proxy, 'proxy')
  return () => url
}
