import { describe, expect, test } from 'vitest'
import {
  firefoxPreferences,
  formatPreferences,
} from '../../../src/testing/browser/firefox-preferences.ts'

const service = {
  url: 'http://localhost:1',
  firefoxPreferences: () => ({ 'dom.push.serverURL': 'ws://127.0.0.1:1/' }),
  chromiumSwitches: () => [],
}

describe('the preferences of a Firefox launch', () => {
  test('let it show notifications by itself only when there is no desktop', () => {
    const options = { service: undefined, preferences: {} }
    const without = firefoxPreferences({ ...options, hasDesktop: false })
    const beside = firefoxPreferences({ ...options, hasDesktop: true })
    expect(without['alerts.useSystemBackend']).toBe(false)
    expect(beside['alerts.useSystemBackend']).toBe(true)
  })

  test("hold those of the push service, and the caller's over them", () => {
    const options = { hasDesktop: true, service }
    const plain = firefoxPreferences({ ...options, preferences: {} })
    expect(plain['dom.push.serverURL']).toBe('ws://127.0.0.1:1/')
    const preferences = { 'dom.push.serverURL': 'ws://127.0.0.1:2/', 'network.trr.mode': 0 }
    expect(firefoxPreferences({ ...options, preferences })).toMatchObject(preferences)
  })

  test('are written one a line, strings quoted', () => {
    expect(formatPreferences({ a: true, b: 5, c: 'say "hi"\\' })).toBe(
      'user_pref("a", true);\nuser_pref("b", 5);\nuser_pref("c", "say \\"hi\\"\\\\");\n',
    )
  })
})
