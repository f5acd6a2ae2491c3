import { aptGet, canUseApt, outputOf } from '../../scripts/apt-get.ts'

/** Debian's own Python, whatever else is on the PATH: only it finds Debian's modules. */
export const debianPython = '/usr/bin/python3'

const packages = ['python3-gi', 'gir1.2-webkit2-4.1', 'xvfb', 'dbus']
const load = 'import gi; gi.require_version("WebKit2", "4.1"); from gi.repository import WebKit2'

/**
 * Makes sure that WebKitGTK is there, with what shows it: installs it with apt-get where it may.
 *
 * @throws Error with the command to run, when it is not there.
 */
export async function ensureWebKit(log: (line: string) => void): Promise<void> {
  if (await isThere()) return
  const install = ['install', '--yes', '--quiet=2', '--no-install-recommends', ...packages]
  if (await canUseApt()) {
    log(`Installing ${packages.join(', ')} with apt-get.`)
    await aptGet(['update', '--quiet=2'])
    await aptGet(install)
    if (await isThere()) return
  }
  throw new Error(
    `WebKitGTK 4.1 is missing. On Debian run, as root:\n  apt-get update && apt-get ${install.join(' ')}`,
  )
}

async function isThere(): Promise<boolean> {
  const found = await Promise.all([
    outputOf(debianPython, ['-c', `${load}; print("there")`]),
    outputOf('sh', ['-c', 'command -v Xvfb']),
    outputOf('dbus-daemon', ['--version']),
  ])
  return found.every((text) => text !== '')
}
