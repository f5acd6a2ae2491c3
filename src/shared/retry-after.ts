/**
 * Reads a `Retry-After` header in both of its forms (RFC 9110 §10.2.3).
 *
 * @param now - Milliseconds since 1970.
 * @returns Milliseconds to wait, 0 for a date gone by; `undefined` for no header or one that is
 * neither whole seconds nor a date in GMT.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const date = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
