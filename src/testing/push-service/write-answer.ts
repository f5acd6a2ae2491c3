import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './refusal.ts'

/** As much of a body that nobody wants is read for the sake of the connection, in octets. */
const maxDiscardedOctets = 64 * 1024

/** How long a sender that still writes gets to read its answer before the connection is cut. */
const lingerMs = 500

/**
 * Writes an answer, also to a request whose body is still on its way: the rest of a short one is
 * read and thrown away, a long or endless one is not read, and its connection is closed.
 */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Omit<Answer, 'body'> & { readonly body: string | Uint8Array },
): void {
  if (response.headersSent || response.destroyed) return
  const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const isLong =
    status === 413 || Number(request.headers['content-length'] ?? 0) > maxDiscardedOctets
  const isLast = isLong && !request.complete
  response.writeHead(status, { ...headers, ...length, ...(isLast && { connection: 'close' }) })
  if (request.complete) return void response.end(body)
  // To end now would cut the connection before a sender that still writes has read the answer.
  if (body.length > 0) response.write(body)
  else response.flushHeaders()
  if (isLast) hangUp(request)
  else discard(request, () => response.end())
}

function discard(request: IncomingMessage, end: () => void): void {
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maxDiscardedOctets) hangUp(request)
  })
  request.once('end', end).once('close', end).resume()
}

function hangUp(request: IncomingMessage): void {
  const { socket } = request.removeAllListeners('data').pause()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
}
