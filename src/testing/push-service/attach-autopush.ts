import type { Server } from 'node:http'
import { WebSocketServer } from 'ws'
import { serveAutopush } from './autopush-connection.ts'
import type { Delivery } from './delivery.ts'
import type { SubscriptionRegistry } from './subscription-registry.ts'

const maxFrameOctets = 64 * 1024

/** What Firefox's side of the service works on. */
export interface AttachAutopushOptions {
  readonly registry: SubscriptionRegistry
  readonly delivery: Delivery
  /** `host:port` as it stands in endpoints. */
  readonly host: string
  /** How long a browser may take to say hello. */
  readonly timeoutMs: number
}

/**
 * Lets Firefox connect: takes the WebSocket upgrades of an HTTP server, whatever their path.
 *
 * The connections end with their TCP sockets: whoever owns the port closes them.
 */
export function attachAutopush(
  http: Server,
  { registry, delivery, host, timeoutMs }: AttachAutopushOptions,
): void {
  const browsers = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxFrameOctets,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('push-notification') ? 'push-notification' : false),
  })
  const newDevice = () => crypto.randomUUID().replaceAll('-', '')
  http.on('upgrade', (request, socket, head) => {
    browsers.handleUpgrade(request, socket, head, (webSocket) => {
      serveAutopush(webSocket, { registry, delivery, host, timeoutMs, newDevice })
    })
  })
}
