import { typeError } from '../shared/errors.ts'
import { parseUrl } from '../shared/parse-url.ts'

/**
 * Reads the URL of a proxy.
 *
 * @param name - What the value is called where it comes from.
 * @throws TypeError with the code `invalid-argument`; it does not quote the value, which may hold a
 * password.
 */
export function proxyUrlOf(value: string, name: string): URL {
  const url = parseUrl(value)
  if (url && /^https?:$/.test(url.protocol)) return url
  throw typeError('invalid-argument', `${name} must be the http or https URL of a proxy.`)
}
