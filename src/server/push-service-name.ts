/** The push services of the browsers, as outcomes name them. */
export type PushServiceName = 'fcm' | 'mozilla' | 'apple' | 'wns'

const hosts: ReadonlyArray<readonly [PushServiceName, RegExp]> = [
  ['fcm', /^(fcm\.googleapis|jmt17\.google)\.com$/],
  ['mozilla', /\.push\.services\.mozilla\.com$/],
  ['apple', /\.push\.apple\.com$/],
  ['wns', /\.notify\.windows\.com$/],
]

/** Tells whose push service a host is; `undefined` for any other. */
export function pushServiceName(hostname: string): PushServiceName | undefined {
  return hosts.find(([, pattern]) => pattern.test(hostname))?.[0]
}
