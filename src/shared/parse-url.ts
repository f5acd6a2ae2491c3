/**
 * Parses a URL; `undefined` for what is none. `URL.canParse` and `URL.parse` are younger than the
 * browsers that this runs in.
 */
export function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
