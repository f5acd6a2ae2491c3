import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { PushService } from '../../src/testing/index.ts'
import { garbageMakers } from './garbage-octets.ts'
import type { Random } from './random.ts'

/** Where garbage is thrown, and how long one waits for the echo. */
export interface ThrowGarbageOptions {
  /** The path of an endpoint that is there. */
  readonly path: string
  readonly random: Random
  readonly patienceMs: number
}

/**
 * Makes one connection, says something that makes no sense, and waits for what the service does; or
 * breaks the connection off before.
 *
 * @returns `false` when the service neither answered nor hung up.
 */
export function throwGarbage(
  service: PushService,
  { path, random, patienceMs }: ThrowGarbageOptions,
): Promise<boolean> {
  // Chosen at once: what other connections do meanwhile must not change them.
  const pieces = random.pick(garbageMakers)(random, path)
  const isTls = random.below(4) === 0
  const breaksOff = random.below(8) === 0
  return new Promise((resolve) => {
    const socket = open(service, isTls)
    const patience = setTimeout(() => finish(false), patienceMs)
    const finish = (isGood: boolean) => {
      clearTimeout(patience)
      socket.destroy()
      resolve(isGood)
    }
    socket.on('error', () => finish(true))
    socket.on('close', () => finish(true))
    socket.on('data', () => finish(true))
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      for (const piece of pieces) socket.write(piece)
      if (breaksOff) setImmediate(() => finish(true))
    })
  })
}

function open(service: PushService, isTls: boolean): Socket {
  const target = { host: '127.0.0.1', port: Number(new URL(service.url).port) }
  if (!isTls) return connect(target)
  return connectTls({ ...target, ca: service.certificate, servername: 'localhost' })
}
