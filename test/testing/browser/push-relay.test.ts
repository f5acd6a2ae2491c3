import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPushRelay, type PushRelay } from '../../../src/testing/browser/push-relay.ts'

let server: Server
let relay: PushRelay
/** The service's ends of the connections, oldest first. */
let served: Socket[]

beforeEach(async () => {
  served = []
  server = createServer((socket) => {
    served.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (octets) => socket.write(`echo ${octets.toString()}`))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  relay = await openPushRelay((server.address() as AddressInfo).port)
})

afterEach(async () => {
  await relay.close()
  for (const socket of served) socket.destroy()
  await new Promise((resolve) => {
    server.close(resolve)
  })
})

async function call(text: string): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

async function answer(socket: Socket): Promise<string> {
  const [octets] = (await once(socket, 'data')) as [Buffer]
  return octets.toString()
}

describe('a relay to the push service', () => {
  test('carries what both sides say, and the end of either', async () => {
    const one = await call('one')
    expect(await answer(one)).toBe('echo one')
    const other = await call('other')
    expect(await answer(other)).toBe('echo other')
    served[0]?.destroy()
    await once(one, 'close')
    other.destroy()
    if (served[1] && !served[1].closed) await once(served[1], 'close')
    expect(served[1]?.closed).toBe(true)
  })

  test('drops every connection when it goes offline, and leaves new ones waiting until it is back', async () => {
    const open = await call('open')
    await answer(open)
    relay.setOffline(true)
    relay.setOffline(true)
    await once(open, 'close')
    const waiting = await call('waiting')
    expect(served).toHaveLength(1)
    relay.setOffline(false)
    expect(await answer(waiting)).toBe('echo waiting')
    expect(await answer(await call('new'))).toBe('echo new')
    waiting.destroy()
  })

  test('does not drop what is open when it is told again that it is online', async () => {
    const open = await call('open')
    await answer(open)
    relay.setOffline(false)
    open.write('still')
    expect(await answer(open)).toBe('echo still')
    open.destroy()
  })

  test('ends a connection when the service is not there', async () => {
    for (const socket of served) socket.destroy()
    await new Promise((resolve) => {
      server.close(resolve)
    })
    const socket = await call('nobody')
    await once(socket, 'close')
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })

  test('closes with everything that goes through it', async () => {
    const open = await call('open')
    await answer(open)
    await relay.close()
    await once(open, 'close')
    await expect(call('late')).rejects.toThrow(/ECONNREFUSED/)
  })
})
