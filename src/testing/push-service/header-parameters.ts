/**
 * Reads the `name=value` pairs of a header whose pairs are separated by commas or semicolons, in
 * any order, with or without spaces and quotes. Names in lower case; the first of a name counts.
 */
export function headerParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const part of header.split(/[,;]/)) {
    const equals = part.indexOf('=')
    const name = part.slice(0, equals).trim().toLowerCase()
    const value = part.slice(equals + 1).trim()
    if (equals > 0 && !parameters.has(name)) parameters.set(name, value.replace(/^"(.*)"$/, '$1'))
  }
  return parameters
}
