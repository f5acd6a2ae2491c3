import { rangeError } from '../../shared/errors.ts'
import { appleManner } from './apple-manner.ts'
import { fcmManner } from './fcm-manner.ts'
import { mozillaManner } from './mozilla-manner.ts'
import type { ServiceManner, ServiceMannerName } from './service-manner.ts'
import { wnsManner } from './wns-manner.ts'

const manners: Readonly<Record<ServiceMannerName, ServiceManner>> = {
  mozilla: mozillaManner,
  fcm: fcmManner,
  apple: appleManner,
  wns: wnsManner,
}

/**
 * Gives the manner of a name.
 *
 * @throws RangeError for a name that there is none of.
 */
export function findManner(name: ServiceMannerName): ServiceManner {
  if (Object.hasOwn(manners, name)) return manners[name]
  const names = Object.keys(manners).join(', ')
  throw rangeError('invalid-argument', `manner must be one of: ${names}.`)
}
