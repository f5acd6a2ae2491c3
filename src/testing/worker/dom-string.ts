/**
 * Turns any value into a string, as browsers do with what scripts give them (Web IDL §3.2.10).
 *
 * @throws TypeError for a symbol.
 */
export function toDomString(value: unknown): string {
  return ''.concat(value as string)
}
