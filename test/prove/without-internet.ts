import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { aptGet, canUseApt, outputOf } from '../../scripts/apt-get.ts'

const run = promisify(execFile)

/**
 * One interface beside loopback is up with an address, since Chromium takes itself to be offline
 * with loopback alone (156). Both ends of the pair are in here: nothing leads out.
 */
const setUp = `
ip link set lo up
ip link add pushwell0 type veth peer name pushwell1
ip address add 192.0.2.1/24 dev pushwell0
ip link set pushwell0 up
ip link set pushwell1 up
exec "$@"`

/**
 * Gives the words to put before a command so that it runs in a network namespace of its own, with no
 * route to the internet. iproute2 is installed with apt-get where it is missing.
 *
 * @throws Error with what to do, when this machine does not let us make one.
 */
export async function withoutInternet(): Promise<readonly string[]> {
  if (process.platform !== 'linux') {
    throw new Error('A run without the internet needs Linux: other systems have no namespaces.')
  }
  if (process.getuid?.() !== 0) {
    throw new Error('A run without the internet needs root, to make a network namespace: use sudo.')
  }
  if (!(await outputOf('ip', ['-Version']))) await installIproute()
  const [command, ...words] = ['unshare', '--net', '--', 'sh', '-ec', setUp, 'sh'] as const
  await run(command, [...words, 'true']).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`This machine lets nobody make a network namespace: ${reason}`, { cause })
  })
  return [command, ...words]
}

async function installIproute(): Promise<void> {
  const command = 'apt-get install --yes --no-install-recommends iproute2'
  if (!(await canUseApt())) throw new Error(`There is no program "ip": install iproute2.`)
  try {
    await aptGet(['update', '--quiet=2'])
    await aptGet(['install', '--yes', '--quiet=2', '--no-install-recommends', 'iproute2'])
  } catch (cause) {
    throw new Error(`There is no program "ip", and this failed: ${command}`, { cause })
  }
}
