import { once } from 'node:events'
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { PushwellError } from '../../shared/errors.ts'
import { isMissingPackage } from '../missing-package.ts'

/** Where a method lives, or a signal comes from. */
export interface BusMember {
  path: string
  interface: string
  member: string
}

/** One connection to a message bus: offers methods and signals, and calls those of others. */
export interface BusConnection {
  /** Owns a well-known name; rejects when someone else has it. */
  ownName(name: string): Promise<void>
  /** Answers calls of one method; `signature` is that of the answer. */
  onCall(member: BusMember, signature: string, answer: (args: readonly unknown[]) => unknown): void
  /** Sends a signal to everyone on the bus. */
  signal(member: BusMember, signature: string, args: readonly unknown[]): void
  /** Calls a method and resolves to what it answered; rejects with the error it answered. */
  call(
    destination: string,
    member: BusMember,
    signature: string,
    args: readonly unknown[],
  ): Promise<readonly unknown[]>
  /** Calls the listener for every such signal from now on. */
  onSignal(member: BusMember, listener: (args: readonly unknown[]) => void): Promise<void>
  close(): Promise<void>
}

/** The part of `@homebridge/dbus-native` that is used here; its own types leave it out. */
interface Client {
  connection: EventEmitter & { stream: Socket; end(): void }
  signals: EventEmitter
  invoke(message: object, callback: (error: BusError | null, ...answer: unknown[]) => void): void
  mangle(member: BusMember): string
  setMethodCallHandler(
    path: string,
    iface: string,
    member: string,
    handler: [answer: (...args: unknown[]) => unknown, signature: string],
  ): void
  sendSignal(
    path: string,
    iface: string,
    member: string,
    signature: string,
    args: readonly unknown[],
  ): void
}

interface BusError {
  name?: string
  message?: string
}

const busName = 'org.freedesktop.DBus'
const bus = (member: string): BusMember => ({
  path: '/org/freedesktop/DBus',
  interface: busName,
  member,
})

/**
 * Connects to the bus behind a socket.
 *
 * @throws {@link PushwellError} `desktop-unavailable` when the D-Bus library is not installed.
 */
export async function connectToBus(socket: string): Promise<BusConnection> {
  const client = await createClient(socket)
  // A connection that breaks shows in the calls that it cuts off; unheard, it would end Node.
  client.connection.on('error', () => undefined)
  const connection = wrapClient(client)
  await connection.call(busName, bus('GetId'), '', [])
  return connection
}

async function createClient(socket: string): Promise<Client> {
  const library: object = await import('@homebridge/dbus-native').catch((cause: unknown) => {
    if (!isMissingPackage(cause)) throw cause
    throw new PushwellError(
      'desktop-unavailable',
      'A desktop needs the package @homebridge/dbus-native: npm install --save-dev @homebridge/dbus-native',
      { cause },
    )
  })
  if (!('createClient' in library) || typeof library.createClient !== 'function') {
    throw new PushwellError(
      'desktop-unavailable',
      'This version of @homebridge/dbus-native has no createClient: install version 0.7.',
    )
  }
  return library.createClient({ socket })
}

function wrapClient(client: Client): BusConnection {
  const call: BusConnection['call'] = (destination, member, signature, args) =>
    new Promise((resolve, reject) => {
      const { stream } = client.connection
      const onClose = (): void => reject(new Error(`${member.member}: the bus is gone.`))
      if (stream.destroyed) return onClose()
      stream.once('close', onClose)
      const message = { ...member, destination, ...(signature ? { signature, body: args } : {}) }
      client.invoke(message, (error, ...answer) => {
        stream.off('close', onClose)
        if (error) reject(new Error(`${member.member}: ${error.message ?? error.name}`))
        else resolve(answer)
      })
    })
  return {
    call,
    async ownName(name) {
      const doNotQueue = 4
      const primaryOwner = 1
      const [answer] = await call(busName, bus('RequestName'), 'su', [name, doNotQueue])
      if (answer !== primaryOwner) throw new Error(`${name} is owned by someone else on this bus.`)
    },
    onCall({ path, interface: iface, member }, signature, answer) {
      client.setMethodCallHandler(path, iface, member, [(...args) => answer(args), signature])
    },
    signal({ path, interface: iface, member }, signature, args) {
      client.sendSignal(path, iface, member, signature, args)
    },
    async onSignal(member, listener) {
      client.signals.on(client.mangle(member), listener)
      const rule = `type='signal',path='${member.path}',interface='${member.interface}',member='${member.member}'`
      await call(busName, bus('AddMatch'), 's', [rule])
    },
    async close() {
      const { stream } = client.connection
      if (stream.destroyed) return
      const closed = once(stream, 'close')
      stream.destroy()
      await closed
    },
  }
}
