import { BlockList, isIP } from 'node:net'
import { proxyUrlOf } from './proxy-url.ts'

/** What a process was started with. */
export interface ProcessStart {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly execArgv: readonly string[]
}

/**
 * Makes the function that tells which proxy the environment names for an origin, by Node's own
 * rules for `NODE_USE_ENV_PROXY`; `undefined` for an origin that is connected to directly.
 *
 * @throws TypeError with the code `invalid-argument` for a variable that is no URL of a proxy.
 */
export function createEnvironmentProxy({
  env,
  execArgv,
}: ProcessStart): (url: URL) => URL | undefined {
  const valueOf = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
  const isAsked =
    env['NODE_USE_ENV_PROXY'] === '1' ||
    [...execArgv, ...(env['NODE_OPTIONS'] ?? '').split(/[\s"]+/)].includes('--use-env-proxy')
  const proxyOf = (name: string): URL | undefined => {
    const value = isAsked && valueOf(name)
    return value ? proxyUrlOf(value, name) : undefined
  }
  const proxies: Readonly<Record<string, URL | undefined>> = {
    'https:': proxyOf('HTTPS_PROXY'),
    'http:': proxyOf('HTTP_PROXY'),
  }
  const without = valueOf('NO_PROXY')
    .toLowerCase()
    .split(/[\s,]+/)
  return (url) => (without.some((entry) => covers(entry, url)) ? undefined : proxies[url.protocol])
}

/** `*`, a name, `.example.com` or `*.example.com` for the names below, an address, or two with a hyphen. */
function covers(entry: string, { protocol, hostname, port }: URL): boolean {
  if (entry === '*') return true
  const [, host = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
  if (only !== undefined && isIP(entry) === 0) {
    return only === (port || (protocol === 'https:' ? '443' : '80')) && coversHost(host, hostname)
  }
  return coversHost(entry, hostname)
}

function coversHost(entry: string, hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const suffix = /^\*?(\..+)$/.exec(entry)?.[1]
  if (suffix !== undefined) return host.endsWith(suffix)
  const [first = '', last = ''] = entry.split('-')
  if (isIP(host) !== 4 || isIP(first) !== 4 || isIP(last) !== 4) {
    return entry.replace(/^\[|\]$/g, '') === host
  }
  const range = new BlockList()
  range.addRange(first, last)
  return range.check(host)
}
