import { assembleSender } from '../server/assemble-sender.ts'
import { createFetchTransport } from '../server/fetch-transport.ts'
import type { MessageDefinitions, PushSender, PushSenderOptions } from '../server/index.ts'
import { createMessageEncryption } from './encrypt-message.ts'
import { createNodeTransport } from './node-transport.ts'

/**
 * Makes a sender as the portable `createPushSender` does, of what Node is best at: connections that
 * are kept, and a look at each address before it is connected to. With `fetch` or `transport`, the
 * requests are made by these.
 */
export function createPushSender<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushSenderOptions<Definitions>,
): PushSender<Definitions> {
  const { endpoints, proxy, transport } = options
  const { fetch = proxy === undefined && usesEnvironmentProxy() ? globalThis.fetch : null } =
    options
  const own = fetch ? createFetchTransport(fetch) : createNodeTransport({ endpoints, proxy })
  return assembleSender(options, {
    encrypt: createMessageEncryption(),
    transport: transport ?? own,
  })
}

/** Node's `fetch` then goes by way of what `HTTPS_PROXY` and `NO_PROXY` say. */
function usesEnvironmentProxy(): boolean {
  const { env, execArgv } = process
  return env['NODE_USE_ENV_PROXY'] === '1' || execArgv.includes('--use-env-proxy')
}
