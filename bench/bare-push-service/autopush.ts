import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Subscribers } from './deliver.ts'

interface Frame {
  readonly messageType?: string
  readonly channelID?: string
}

/** Speaks to Firefox: hello, register, notification; what else it says is not answered. */
export function serveBareAutopush(
  socket: WebSocket,
  { origin, subscribers }: { readonly origin: string; readonly subscribers: Subscribers },
): void {
  const send = (frame: object) => socket.send(JSON.stringify(frame))
  socket.on('message', (data: Buffer) => {
    const { messageType, channelID } = JSON.parse(data.toString()) as Frame
    if (messageType === 'hello') {
      send({ messageType, uaid: 'bare', status: 200, use_webpush: true, broadcasts: {} })
    } else if (messageType === 'register') {
      const token = randomUUID()
      subscribers.set(token, (body) =>
        send({
          messageType: 'notification',
          channelID,
          version: randomUUID(),
          data: body.toString('base64url'),
          headers: { encoding: 'aes128gcm' },
        }),
      )
      send({ messageType, channelID, status: 200, pushEndpoint: `${origin}/${token}` })
    }
  })
}
