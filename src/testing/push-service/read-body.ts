import type { IncomingMessage } from 'node:http'

/**
 * Reads a request's body, never holding more than `limit` octets. The rest of a longer one is left
 * unread.
 *
 * @returns `null` when the body is longer.
 * @throws When the request breaks off.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const stop = () => {
      request.removeAllListeners('data').pause()
      resolve(null)
    }
    if (Number(request.headers['content-length'] ?? 0) > limit) return stop()
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) return stop()
      chunks.push(chunk)
    })
    request.once('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    request.once('error', reject)
    request.once('close', () => reject(new Error('The request broke off.')))
  })
}
