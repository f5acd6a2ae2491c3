/**
 * Tells text that any database can keep: PostgreSQL for one has no NUL, UTF-8 no lone surrogate.
 *
 * @param longest - Characters; there must be one at least.
 */
export function isText(value: unknown, longest: number): value is string {
  if (typeof value !== 'string' || value.includes('\0') || /\p{Surrogate}/u.test(value))
    return false
  return value !== '' && value.length <= longest
}
