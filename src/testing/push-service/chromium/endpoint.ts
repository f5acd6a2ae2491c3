const fcmOrigin = 'https://fcm.googleapis.com'
const fcmTestingOrigin = 'https://jmt17.google.com'

/** The origins that Chromium's endpoints have: they are compiled into it. */
export const chromiumOrigins: readonly string[] = [fcmOrigin, fcmTestingOrigin]

const endpointPath = /^\/(?:fcm\/send|preprod\/wp|wp)\/([\w-]+)$/

/**
 * Gives the endpoint that Chromium makes of a token: at Google's host for tests, and in the stable
 * Chrome (`com.chrome.…`) at the real one. The paths of a switched feature are left aside.
 */
export function chromiumEndpoint(app: string, token: string): string {
  return `${app.startsWith('com.chrome.') ? fcmOrigin : fcmTestingOrigin}/fcm/send/${token}`
}

/** Gives the token of an endpoint's path in any form that Chromium knows; `null` for other paths. */
export function chromiumToken(path: string): string | null {
  return endpointPath.exec(path)?.[1] ?? null
}

/** Gives the origins that an endpoint may stand at, for a sender: its own, or all of Chromium's. */
export function endpointOrigins(endpoint: string): readonly string[] {
  const url = new URL(endpoint)
  return isAtChromiumOrigin(url) ? chromiumOrigins : [url.origin]
}

/** Tells whether a URL is at a host of Chromium's endpoints. */
export function isAtChromiumOrigin({ origin }: URL): boolean {
  return chromiumOrigins.includes(origin)
}

/** The one form of an endpoint's path that the rest of the service knows; other paths unchanged. */
export function canonicalPath(path: string): string {
  const token = chromiumToken(path)
  return token === null ? path : `/fcm/send/${token}`
}
