import type { PushRequest, PushTransport } from '../../src/server/index.ts'
import { createNodeTransport } from '../../src/server-node/node-transport.ts'
import type { TlsService } from './tls-service.ts'

/** Makes a transport that goes anywhere, directly unless a proxy is given. */
export function openTransport(proxy?: () => URL): PushTransport {
  return createNodeTransport({ endpoints: () => true, proxy })
}

/** A request to a service. */
export function requestTo({ url }: TlsService, more: Partial<PushRequest> = {}): PushRequest {
  const body = new TextEncoder().encode('sealed')
  return { endpoint: `${url}p/1?k=2`, headers: { TTL: '60' }, body, timeoutMs: 5000, ...more }
}
