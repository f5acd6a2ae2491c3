import { beforeEach, describe, expect, test } from 'vitest'
import { type Circuits, createCircuits, type Leave } from '../../src/server/circuits.ts'

const origin = 'https://push.example.net'
let now: number
let circuits: Circuits

beforeEach(() => {
  now = 1000
  circuits = createCircuits({ now: () => now, failures: 3, restMs: 100 })
})

/** Milliseconds of rest, or leave. */
function ask(name = origin): Leave | number | 'tried' {
  const given = circuits.ask(name)
  if ('note' in given) return given
  return 'leftMs' in given ? given.leftMs : 'tried'
}

function leave(name = origin): Leave {
  const given = circuits.ask(name)
  if (!('note' in given)) throw new Error('It is left alone.')
  return given
}

function fail(times: number, name = origin): void {
  for (let time = 0; time < times; time++) leave(name).note(true)
}

describe('a push service', () => {
  test('is left alone after failures in a row, and no other is', () => {
    fail(3)
    expect(ask()).toBe(100)
    now += 40
    expect(ask()).toBe(60)
    expect(ask('https://other.example.net')).toHaveProperty('note')
  })

  test('is not left alone for failures with a success in between', () => {
    for (let time = 0; time < 9; time++) {
      fail(2)
      leave().note(false)
    }
    expect(ask()).toHaveProperty('note')
  })

  test('is tried once when its rest is over, and again by all when that worked', async () => {
    fail(3)
    now += 100
    const given = leave()
    const meanwhile = circuits.ask(origin)
    expect(meanwhile).toHaveProperty('tried')
    given.note(false)
    await ('tried' in meanwhile && meanwhile.tried)
    expect([ask(), ask()]).toEqual([expect.objectContaining({}), expect.objectContaining({})])
  })

  test('rests twice as long after each try that fails, but not for ever', () => {
    fail(3)
    for (const rest of [200, 400, 800]) {
      now += Number(ask())
      fail(1)
      expect(ask()).toBe(rest)
    }
    for (let time = 0; time < 20; time++) {
      now += Number(ask())
      fail(1)
    }
    expect(ask()).toBe(600_000)
  })

  test('does not rest longer for what was under way as the rest began', () => {
    const underWay = Array.from({ length: 50 }, () => leave())
    for (const { note } of underWay.slice(0, 40)) note(true)
    expect(ask()).toBe(100)
    now += 100
    const { note } = leave()
    for (const late of underWay.slice(40)) late.note(true)
    expect(ask()).toBe('tried')
    note(true)
    expect(ask()).toBe(200)
  })

  test('is tried again by another when the try comes to no end', async () => {
    fail(3)
    now += 100
    const given = leave()
    const meanwhile = circuits.ask(origin)
    given.note(undefined)
    await ('tried' in meanwhile && meanwhile.tried)
    expect(ask()).toHaveProperty('note')
  })

  test('is still left alone when hundreds of others fail once', () => {
    for (let index = 0; index < 499; index++) fail(1, `https://push${index}.example.net`)
    fail(3)
    for (let index = 0; index < 499; index++) fail(1, `https://next${index}.example.net`)
    expect(ask()).toBe(100)
  })
})
