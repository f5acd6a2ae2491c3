import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { LaunchBrowserOptions, PushService } from '../../src/testing/index.ts'

/** A push service where nobody can subscribe. */
export interface RefusingService extends AsyncDisposable {
  /** What a browser is told that wants to subscribe: something is wrong, or nothing at all. */
  answer: 'error' | 'nothing'
  /** For `launchBrowser`. */
  readonly service: NonNullable<LaunchBrowserOptions['service']>
  /** Leaves the port; whoever is connected is cut off. */
  close(): Promise<void>
}

/**
 * Starts a service that speaks as much of autopush as Firefox needs to ask for a subscription, and of
 * Google's registration as Chromium does.
 *
 * @param working - For everything else that Chromium asks of its service.
 */
export async function startRefusingService(working: PushService): Promise<RefusingService> {
  const server = createServer((request, response) => {
    refuse(request, response, refusing).catch(() => response.destroy())
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const reply = autopushReply(data.toString(), refusing.answer)
      if (reply) socket.send(JSON.stringify(reply))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const refusing: RefusingService = {
    answer: 'error',
    service: {
      url: working.url,
      firefoxPreferences: () => ({
        ...working.firefoxPreferences(),
        'dom.push.serverURL': `ws://localhost:${port}`,
      }),
      chromiumSwitches: (relay) => [
        ...working.chromiumSwitches(relay),
        `--gcm-registration-url=http://127.0.0.1:${port}/register`,
      ],
    },
    close,
    [Symbol.asyncDispose]: close,
  }
  return refusing
}

/** Chromium registers itself too, and is let; only pages (`wp:`) are not. */
async function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { answer }: RefusingService,
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
  const isPage = new URLSearchParams(body).get('X-subtype')?.startsWith('wp:')
  if (isPage && answer === 'nothing') return
  response.end(isPage ? 'Error=INVALID_PARAMETERS' : 'token=any')
}

function autopushReply(text: string, answer: RefusingService['answer']): object | null {
  const { messageType, channelID } = JSON.parse(text) as Record<string, string>
  if (messageType === 'hello') {
    return { messageType, status: 200, uaid: '0123456789abcdef0123456789abcdef', use_webpush: true }
  }
  return messageType === 'register' && answer === 'error'
    ? { messageType, channelID, status: 500 }
    : null
}
