import type { Agent } from 'node:http'
import { request as requestOverHttps } from 'node:https'
import type { PushRequest, PushResponse } from '../server/push-transport.ts'
import { exchange } from './exchange.ts'
import { nodeHttp } from './node-http.ts'
import { UnprocessedError } from './unprocessed-error.ts'

/** Makes one request on a connection of the agent. */
export function postOverHttp1(
  agent: Agent,
  { headers, body }: PushRequest,
  url: URL,
  signal: AbortSignal,
): Promise<PushResponse> {
  return exchange(signal, ({ answered, received, ended, failed }) => {
    const make = url.protocol === 'https:' ? requestOverHttps : nodeHttp().request
    const own = { ...headers, 'Content-Length': body?.length ?? 0 }
    const sent = make(url, { method: 'POST', agent, headers: own })
    sent.once('error', (cause: NodeJS.ErrnoException) => {
      // A service closes what was idle for long: it may do so just as a request is on its way.
      const isStale = sent.reusedSocket && cause.code === 'ECONNRESET'
      failed(isStale ? new UnprocessedError('The connection was closed.', { cause }) : cause)
    })
    sent.once('response', (response) => {
      answered(response.statusCode ?? 0, response.headers)
      response.on('data', received)
      response.once('end', ended)
      response.once('error', failed)
    })
    sent.end(body ?? undefined)
    return () => sent.destroy()
  })
}
