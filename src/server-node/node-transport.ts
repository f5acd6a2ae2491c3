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
  /** Gives the proxy for an origin; `undefined` where there is none. */
  readonly proxy: ((origin: URL) => URL | undefined) | undefined
  /** @default dns.lookup */
  readonly resolve?: Resolve
}

/**
 * Endpoints come from strangers, and so do their origins: connections are kept to this many, and to
 * more only while there are requests to all of them.
 */
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
  const origins = new Map<string, Origin>()
  const guarded = createGuardedLookup(resolve, createPublicAddressCheck())

  /** Those without a request: what was used last is at the end. */
  const idle = new Map<string, Origin>()

  const forgetIdle = (most: number): void => {
    for (const [name, { connections }] of idle) {
      if (origins.size <= most) return
      connections.close()
      idle.delete(name)
      origins.delete(name)
    }
  }

  const originOf = (url: URL, name: string): Origin => {
    const known = origins.get(name)
    if (known) return known
    forgetIdle(mostOrigins - 1)
    const connections = createOriginConnections({
      url: new URL(name),
      lookup: mustBePublic(url, endpoints) ? guarded : undefined,
      proxy: proxy?.(url),
      timeoutMs: connectTimeoutMs,
    })
    const made = { connections, posts: 0 }
    origins.set(name, made)
    return made
  }

  return async (request) => {
    const url = new URL(request.endpoint)
    const name = url.origin
    const origin = originOf(url, name)
    if (origin.posts++ === 0) idle.delete(name)
    try {
      return await origin.connections.post(request, url)
    } finally {
      if (--origin.posts === 0) {
        idle.set(name, origin)
        forgetIdle(mostOrigins)
      }
    }
  }
}

interface Origin {
  readonly connections: OriginConnections
  /** Requests that are under way. */
  posts: number
}

/**
 * Tells whether a name has to lead to public addresses: not one that was listed, nor one that a
 * function allows although it does not look public.
 */
function mustBePublic(url: URL, policy: EndpointPolicy = 'public'): boolean {
  return policy === 'public' || (typeof policy === 'function' && isPublicEndpoint(url))
}
