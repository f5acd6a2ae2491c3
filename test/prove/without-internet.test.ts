import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { withoutInternet } from './without-internet.ts'

const run = promisify(execFile)
const isRoot = process.platform === 'linux' && process.getuid?.() === 0
const works = (command: string, ...words: string[]) => spawnSync(command, words).status === 0
/** Containers often forbid it to root too. */
const canMakeOne = isRoot && works('unshare', '--net', 'true') && works('ip', '-Version')

/** 198.51.100.1 belongs to nobody (RFC 5737): where there is a route, an attempt waits for ever. */
const look = `
const { connect } = require('node:net')
const { networkInterfaces } = require('node:os')
const socket = connect({ host: '198.51.100.1', port: 9, timeout: 1000 })
const tell = (outside) => {
  const up = Object.keys(networkInterfaces()).sort()
  console.log(JSON.stringify({ outside, up }))
  socket.destroy()
}
socket.on('error', ({ code }) => tell(code))
socket.on('connect', () => tell('reached'))
socket.on('timeout', () => tell('waits'))`

test.runIf(canMakeOne)('nothing leads out, and one interface is up beside loopback', async () => {
  const [command, ...words] = [...(await withoutInternet()), process.execPath, '-e', look]
  const { stdout } = await run(command, words)
  expect(JSON.parse(stdout)).toEqual({
    outside: 'ENETUNREACH',
    up: expect.arrayContaining(['lo', 'pushwell0']),
  })
})

test.skipIf(isRoot)('without root it says that root is needed', async () => {
  await expect(withoutInternet()).rejects.toThrow(/needs (Linux|root)/)
})
