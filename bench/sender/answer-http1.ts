import type { Socket } from 'node:net'

const answer = Buffer.from('HTTP/1.1 201 Created\r\nLocation: /m/1\r\nContent-Length: 0\r\n\r\n')
const headEnd = '\r\n\r\n'

/**
 * Answers each request of a connection with 201 once all of it is there (RFC 9112). It reads nothing
 * of it but its `Content-Length`, which each one needs.
 */
export function answerHttp1(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    for (let end = endOf(rest); end !== undefined; end = endOf(rest)) {
      socket.write(answer)
      rest = rest.subarray(end)
    }
  })
}

/** Where the first request ends; `undefined` when it is not all there. */
function endOf(octets: Buffer): number | undefined {
  const head = octets.indexOf(headEnd)
  if (head === -1) return undefined
  const [, length = '0'] =
    /^content-length: *(\d+)/im.exec(octets.toString('latin1', 0, head)) ?? []
  const end = head + headEnd.length + Number(length)
  return octets.length < end ? undefined : end
}
