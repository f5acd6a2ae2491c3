import { type ClientHttp2Session, constants } from 'node:http2'
import type { PushRequest, PushResponse } from '../server/push-transport.ts'
import { exchange } from './exchange.ts'
import { UnprocessedError } from './unprocessed-error.ts'

/** Makes one request as a stream of a session. */
export function postOverHttp2(
  session: ClientHttp2Session,
  { headers, body }: PushRequest,
  { pathname, search }: URL,
  signal: AbortSignal,
): Promise<PushResponse> {
  return exchange(signal, ({ answered, received, ended, failed }) => {
    const stream = session.request(
      {
        ...headers,
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: pathname + search,
        [constants.HTTP2_HEADER_CONTENT_LENGTH]: body?.length ?? 0,
      },
      { endStream: !body },
    )
    stream.once('response', (given) => answered(given[':status'] ?? 0, given))
    stream.on('data', received)
    stream.once('end', ended)
    // RFC 9113 §6.8 and §8.7: also the streams that a GOAWAY leaves out are closed in this way.
    const isRefused = (): boolean => stream.rstCode === constants.NGHTTP2_REFUSED_STREAM
    stream.once('error', (cause) => {
      failed(isRefused() ? new UnprocessedError('The stream was refused.', { cause }) : cause)
    })
    // Whatever becomes of a stream, this comes last.
    stream.once('close', ended)
    if (body) stream.end(body)
    return () => stream.close(constants.NGHTTP2_CANCEL)
  })
}
