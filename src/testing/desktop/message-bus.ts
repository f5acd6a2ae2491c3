import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PushwellError } from '../../shared/errors.ts'
import { startOwnedProcess } from './owned-process.ts'
import type { OwnedProcess } from './owned-process.ts'

/** A private D-Bus message bus: one `dbus-daemon` with a folder of its own. */
export interface MessageBus {
  /** The path of its socket. */
  readonly socket: string
  /** The value for `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string
  /** Ends the daemon and removes its folder. */
  close(): Promise<void>
}

const remedy =
  'Install the D-Bus daemon (Debian and Ubuntu: apt-get install dbus; Fedora: dnf install dbus-daemon).'

/**
 * Starts a private message bus on which nothing can be activated: what is not connected to it
 * does not exist for whoever is.
 *
 * @throws {@link PushwellError} `desktop-unavailable` when this is not Linux or has no `dbus-daemon`.
 */
export async function startMessageBus(): Promise<MessageBus> {
  if (process.platform !== 'linux') {
    throw new PushwellError(
      'desktop-unavailable',
      'A desktop can only be started on Linux, where notifications travel over D-Bus. Run this in a Linux container, or leave the desktop out.',
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'pushwell-desktop-'))
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const socket = join(folder, 'bus')
    const address = `unix:path=${escapeAddressValue(socket)}`
    const daemon = await startDaemon(folder, address)
    return {
      socket,
      address,
      async close() {
        daemon.signal('SIGTERM')
        await daemon.exited
        await removeFolder()
      },
    }
  } catch (error) {
    await removeFolder()
    throw error
  }
}

async function startDaemon(folder: string, address: string): Promise<OwnedProcess> {
  const configuration = join(folder, 'bus.conf')
  await writeFile(configuration, busConfiguration)
  const args = [`--config-file=${configuration}`, `--address=${address}`]
  const daemon = await startOwnedProcess(
    'dbus-daemon',
    [...args, '--nofork', '--nopidfile', '--nosyslog', '--print-address=1'],
    { errorCode: 'desktop-unavailable', remedy },
  )
  await daemon.waitForLine(/^unix:path=/, 10_000).catch((error: unknown) => {
    daemon.signal('SIGKILL')
    throw error
  })
  return daemon
}

// No <servicedir> and no <include>: the machine's own session must not leak into a test.
const busConfiguration = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

/** Escapes a value of a server address (D-Bus specification, "Server Addresses"). */
function escapeAddressValue(value: string): string {
  return [...Buffer.from(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[-0-9A-Za-z_/.\\*]/.test(character)
        ? character
        : `%${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
}
