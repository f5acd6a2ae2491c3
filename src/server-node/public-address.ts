import { BlockList, isIP } from 'node:net'

/**
 * IPv4 that is not the public internet: the registry of special purposes (IANA, RFC 6890), multicast
 * and class E; and Azure's wire server, which answers machines in Azure alone.
 */
const specialIPv4: ReadonlyArray<readonly [network: string, prefix: number]> = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/** Of IPv6, all that is public is in here (IANA, RFC 4291 §2.4) … */
const globalIPv6 = ['2000::', 3] as const

/** … but for these: special purposes, 6to4, documentation and the former 6bone. */
const specialIPv6: ReadonlyArray<readonly [network: string, prefix: number]> = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3ffe::', 16],
  ['3fff::', 20],
]

/** The prefix under which a network without IPv4 finds it (RFC 6052 §2.1). */
const translated = ['64:ff9b::', 96] as const

/**
 * Makes the function that tells whether an address, as a resolver gives it, is one of the public
 * internet. An IPv4 address in IPv6's clothes (mapped, or translated by the network) is judged as
 * the one that it stands for.
 */
export function createPublicAddressCheck(): (address: string) => boolean {
  const special = new BlockList()
  for (const [network, prefix] of specialIPv4) special.addSubnet(network, prefix, 'ipv4')
  for (const [network, prefix] of specialIPv6) special.addSubnet(network, prefix, 'ipv6')
  const global = new BlockList()
  global.addSubnet(...globalIPv6, 'ipv6')
  const nat64 = new BlockList()
  nat64.addSubnet(...translated, 'ipv6')
  const mapped = new BlockList()
  mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

  const isPublic = (address: string): boolean => {
    const family = isIP(address)
    if (family === 4) return !special.check(address, 'ipv4')
    if (family !== 6 || address.includes('%')) return false
    if (nat64.check(address, 'ipv6') || mapped.check(address, 'ipv6')) {
      return isPublic(lastFourOctets(address))
    }
    return global.check(address, 'ipv6') && !special.check(address, 'ipv6')
  }
  return isPublic
}

function lastFourOctets(address: string): string {
  // The URL parser writes every IPv6 address in one way, without dots.
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':')
  return groups
    .slice(-2)
    .map((group) => Number.parseInt(group || '0', 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')
}
