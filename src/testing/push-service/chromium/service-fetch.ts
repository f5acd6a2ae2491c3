import { rangeError } from '../../../shared/errors.ts'
import { isAtChromiumOrigin } from './endpoint.ts'

/** `fetch`, for requests that a push service on this machine answers. */
export type ServiceFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * Makes a `fetch` that brings requests for push endpoints to the local service: Chromium's endpoints
 * name Google's hosts, and the service's own endpoints are as good.
 *
 * @param port - Where the service answers on 127.0.0.1.
 */
export function createServiceFetch(port: number): ServiceFetch {
  const own = new Set(
    ['http', 'https'].flatMap((scheme) =>
      ['localhost', '127.0.0.1'].map((host) => new URL(`${scheme}://${host}:${port}`).origin),
    ),
  )
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (!own.has(url.origin) && !isAtChromiumOrigin(url)) {
      throw rangeError(
        'endpoint-refused',
        'input must be an endpoint of this push service, or one at the hosts of Chromium’s endpoints.',
      )
    }
    const local = `http://127.0.0.1:${port}${url.pathname}${url.search}`
    return fetch(input instanceof Request ? new Request(local, input) : local, init)
  }
}
