import type { ArgumentError } from 'pushwell/server'

/**
 * Tells a mistake that Pushwell found in what it was given: its sentence holds nothing that must
 * stay here. The errors of Node have codes too, but theirs are in capitals.
 */
export function isArgumentError(error: unknown): error is ArgumentError {
  return (
    (error instanceof TypeError || error instanceof RangeError) &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[a-z-]+$/.test(error.code)
  )
}
