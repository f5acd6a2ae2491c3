import { rangeError, typeError } from '../shared/errors.ts'
import { parseUrl } from '../shared/parse-url.ts'

/**
 * Which addresses endpoints may have. They come from strangers, and a server that sends wherever it
 * is told can be made to speak to its own network.
 *
 * - `'public'`: https, a port that no other protocol is known by, and a host name that is public by
 *   its looks: no literal address, and none of the common names of private networks. It does not cover a private network's name that it does
 *   not know (`vault.team`), nor a public name that leads to a private address, as anyone can have
 *   one made (`127.0.0.1.nip.io`): what a name resolves to is not looked at.
 * - `{ hosts }`: the strict one, which covers these too: https, and only these hosts, as
 *   `pushServiceHosts` lists those of the browsers. `'fcm.googleapis.com'`, or `'*.push.apple.com'`
 *   for every name below; in lower case, with the port when it is not 443. Or a whole origin, such
 *   as `'http://localhost:4000'`, for a push service on your own machine.
 * - A function decides alone, also about `http:`.
 */
export type EndpointPolicy =
  | 'public'
  | { readonly hosts: readonly string[] }
  | ((url: URL) => boolean)

/**
 * A name of at least two labels. The last one is letters alone or `xn--`, as top-level domains are,
 * so that a literal address never fits: the URL parser writes IPv6 in brackets without a dot, and
 * has turned `0x7f.1`, `2130706433` and their like into four decimal numbers. No push service of a
 * browser is known by a number. And it is none that is for one network alone (RFC 6761, RFC 6762,
 * RFC 8375, and what routers, clusters, clouds and offices make up).
 */
const publicName =
  /\.(?!(arpa|cluster|consul|corp|default|home|internal|intranet|lan|local(domain|host)?|private|svc|test)\.?$)([a-z]+|xn--[^.]+)\.?$/

/**
 * Above 1023, the ports that browsers do not connect to (Fetch standard, bad port), and those of
 * Redis and Memcached, whose commands are lines of text too.
 */
const badPorts: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080, 11211,
])

/** Below 1024, all belong to one protocol or another: of https it is 443, which is written as none. */
function isUsualPort(port: string): boolean {
  return port === '' || (Number(port) > 1023 && !badPorts.has(Number(port)))
}

/**
 * Tells what the policy `'public'` allows; for a function that allows some address besides.
 *
 * @example
 * endpoints: (url) => url.origin === 'http://127.0.0.1:4000' || isPublicEndpoint(url)
 */
export function isPublicEndpoint({ protocol, hostname, port }: URL): boolean {
  return protocol === 'https:' && publicName.test(hostname) && isUsualPort(port)
}

/**
 * Refuses an endpoint that the policy does not allow.
 *
 * @throws RangeError with the code `endpoint-refused`; it does not name the endpoint.
 */
export function checkEndpoint(url: URL, policy: EndpointPolicy = 'public'): void {
  const allows = typeof policy === 'function' ? policy : policyOf(policy)
  // A promise, as an async function gives, is no permission.
  const answer: unknown = allows(url)
  if (answer === true) return
  throw rangeError(
    'endpoint-refused',
    'subscription.endpoint must be https at a host that the endpoints option allows.',
  )
}

/**
 * Checks what of a policy can be wrong on its face.
 *
 * @throws TypeError with the code `invalid-argument`, naming the host that no endpoint can have.
 */
export function checkEndpointPolicy(policy: EndpointPolicy = 'public'): void {
  if (policy === 'public' || typeof policy === 'function') return
  const { hosts } = policy
  const wrong = Array.isArray(hosts) ? hosts.find((host) => !isHost(host)) : hosts
  if (Array.isArray(hosts) && wrong === undefined) return
  throw typeError(
    'invalid-argument',
    `endpoints.hosts must be a list of hosts in lower case, with no port 443, or origins; got ${JSON.stringify(wrong)}.`,
  )
}

/** Whether it is as the URL parser writes it: else no endpoint's is ever the same. */
function isHost(text: unknown): boolean {
  if (typeof text !== 'string') return false
  if (text.includes('://')) return parseUrl(text)?.origin === text
  const name = text.replace(/^\*\./, '')
  return !name.includes('*') && parseUrl(`https://${name}`)?.host === name
}

function policyOf(policy: 'public' | { readonly hosts: readonly string[] }): (url: URL) => boolean {
  if (policy === 'public') return isPublicEndpoint
  return ({ protocol, host, origin }) =>
    policy.hosts.some(
      (allowed) =>
        allowed === origin ||
        (protocol === 'https:' &&
          (allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed)),
    )
}
