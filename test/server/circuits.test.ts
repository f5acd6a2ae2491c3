import { beforeEach, describe, expect, test } from 'vitest'
import { type Circuits, createCircuits } from '../../src/server/circuits.ts'

const origin = 'https://push.example.net'
let now: number
let circuits: Circuits

beforeEach(() => {
  now = 1000
  circuits = createCircuits({ now: () => now, failures: 3, restMs: 100 })
})

function fail(times: number): void {
  for (let time = 0; time < times; time++) circuits.note(origin, true)
}

describe('a push service', () => {
  test('is left alone after failures in a row, and no other is', () => {
    fail(2)
    expect(circuits.restOf(origin)).toBe(0)
    fail(1)
    expect(circuits.restOf(origin)).toBe(100)
    now += 40
    expect(circuits.restOf(origin)).toBe(60)
    expect(circuits.restOf('https://other.example.net')).toBe(0)
  })

  test('is not left alone for failures with a success in between', () => {
    for (let time = 0; time < 9; time++) {
      fail(2)
      circuits.note(origin, false)
    }
    expect(circuits.restOf(origin)).toBe(0)
  })

  test('is tried once when its rest is over, and again by all when that worked', () => {
    fail(3)
    now += 100
    expect([circuits.restOf(origin), circuits.restOf(origin)]).toEqual([0, 100])
    circuits.note(origin, false)
    expect([circuits.restOf(origin), circuits.restOf(origin)]).toEqual([0, 0])
  })

  test('rests twice as long after each try that fails, but not for ever', () => {
    fail(3)
    for (const rest of [200, 400, 800]) {
      now += circuits.restOf(origin)
      expect(circuits.restOf(origin)).toBe(0)
      fail(1)
      expect(circuits.restOf(origin)).toBe(rest)
    }
    for (let time = 0; time < 20; time++) {
      now += circuits.restOf(origin)
      circuits.restOf(origin)
      fail(1)
    }
    expect(circuits.restOf(origin)).toBe(600_000)
  })

  test('does not rest longer for what was under way as the rest began', () => {
    fail(50)
    expect(circuits.restOf(origin)).toBe(100)
  })

  test('is tried again by another when nobody says what came of the try', () => {
    fail(3)
    now += 100
    expect(circuits.restOf(origin)).toBe(0)
    now += 100
    expect(circuits.restOf(origin)).toBe(0)
  })
})
