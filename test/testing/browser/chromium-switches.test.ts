import { describe, expect, test } from 'vitest'
import { hasNetwork } from '../../../src/testing/browser/chromium.ts'
import { chromiumSwitches } from '../../../src/testing/browser/chromium-switches.ts'

const setup = { profile: '/profile', headless: true, service: undefined, switches: [] }

describe('the switches of a Chromium launch', () => {
  test('turn the sandbox off for root alone', () => {
    expect(chromiumSwitches(setup, true)).toContain('--no-sandbox')
    expect(chromiumSwitches(setup, false)).not.toContain('--no-sandbox')
  })

  test('hide it unless it is to be seen', () => {
    expect(chromiumSwitches(setup, false)).toContain('--headless=new')
    const seen = chromiumSwitches({ ...setup, headless: false }, false)
    expect(seen.join(' ')).not.toContain('headless')
  })

  test("hold those of the push service, the caller's after them, and a start page at the end", () => {
    const service = {
      url: 'http://localhost:1',
      firefoxPreferences: () => ({}),
      chromiumSwitches: () => ['--gcm-checkin-url=http://127.0.0.1:1/'],
    }
    const switches = chromiumSwitches({ ...setup, service, switches: ['--lang=de'] }, false)
    expect(switches).toContain('--gcm-checkin-url=http://127.0.0.1:1/')
    expect(switches).toContain('--user-data-dir=/profile')
    expect(switches.slice(-2)).toEqual(['--lang=de', 'about:blank'])
  })
})

describe('a machine is offline for Chromium', () => {
  const loopback = {
    address: '127.0.0.1',
    netmask: '255.0.0.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal: true,
    cidr: '127.0.0.1/8',
  } as const

  test('when only its loopback interface has an address', () => {
    expect(hasNetwork({})).toBe(false)
    expect(hasNetwork({ lo: [loopback], eth0: [] })).toBe(false)
  })

  test('but not when any other interface has one', () => {
    const ethernet = { ...loopback, address: '192.0.2.1', internal: false }
    expect(hasNetwork({ lo: [loopback], eth0: [ethernet] })).toBe(true)
  })
})
