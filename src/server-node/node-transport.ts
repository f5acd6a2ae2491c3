import { lookup } from 'node:dns'
import { type EndpointPolicy, isPublicEndpoint } from '../server/endpoint-policy.ts'
import type { PushTransport } from '../server/push-transport.ts'
import { createGuardedLookup, type Resolve } from './guarded-lookup.ts'
import { createOriginConnections, type OriginConnections } from './origin-connections.ts'
import { createPublicAddressCheck } from './public-address.ts'

/** How Node's transport is made. */
export interface NodeTransportOptions {
  /** The sender's: which names have to lead to public addresses follows from it. */
  readonly endpoints: EndpointPolicy | undefined
  /** The URL of an HTTP proxy, or of one for an endpoint. */
  readonly proxy: string | undefined
  /** @default dns.lookup */
  readonly resolve?: Resolve
}

/** Endpoints come from strangers, and so do their origins: connections are kept to this many. */
const mostOrigins = 200

/** How long it may take to connect. */
const connectTimeoutMs = 15_000

/**
 * Makes requests on connections that are kept: several times as fast as `fetch`, and with a look at
 * each address before it is connected to.
 */
export function createNodeTransport({
  endpoints,
  proxy,
  resolve = lookup,
}: NodeTransportOptions): PushTransport {
  const origins = new Map<string, OriginConnections>()
  const guarded = createGuardedLookup(resolve, createPublicAddressCheck())
  const proxyUrl = proxy === undefined ? undefined : new URL(proxy)

  const connectionsTo = (url: URL): OriginConnections => {
    const known = origins.get(url.origin)
    if (known) return known
    if (origins.size >= mostOrigins) forgetIdle(origins)
    const made = createOriginConnections({
      url: new URL(url.origin),
      lookup: mustBePublic(url, endpoints) ? guarded : undefined,
      proxy: proxyUrl,
      timeoutMs: connectTimeoutMs,
    })
    origins.set(url.origin, made)
    return made
  }

  return (request) => connectionsTo(new URL(request.endpoint)).post(request)
}

/**
 * Tells whether a name has to lead to public addresses: not one that was listed, nor one that a
 * function allows although it does not look public.
 */
function mustBePublic(url: URL, policy: EndpointPolicy = 'public'): boolean {
  return policy === 'public' || (typeof policy === 'function' && isPublicEndpoint(url))
}

function forgetIdle(origins: Map<string, OriginConnections>): void {
  for (const [origin, connections] of origins) {
    if (!connections.isIdle()) continue
    connections.close()
    origins.delete(origin)
  }
}
