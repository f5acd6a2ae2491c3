import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { rangeError } from '../shared/errors.ts'

/** Resolves a name to all of its addresses: `dns.lookup`. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Makes the `lookup` of a connection that must lead to the public internet. It looks at the very
 * addresses that the connection is made to, so that no second answer of a name server counts, and
 * refuses a name with any address that is not public.
 */
export function createGuardedLookup(
  resolve: Resolve,
  isPublic: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) return callback(error ?? new Error('The name has no address.'), '', 0)
      if (!addresses.every(({ address }) => isPublic(address))) {
        return callback(refusal(), '', 0)
      }
      if (options.all) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
}

function refusal(): Error {
  return rangeError(
    'endpoint-refused',
    'subscription.endpoint must be at a host whose addresses are public.',
  )
}
