import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startDesktop } from '../../../src/testing/desktop/index.ts'
import type { Desktop } from '../../../src/testing/desktop/index.ts'
import { chromiumActions, connectClient, firefoxActions, lastShown } from './desktop-client.ts'
import type { DesktopClient } from './desktop-client.ts'

let desktop: Desktop
let client: DesktopClient

beforeEach(async () => {
  desktop = await startDesktop()
  client = await connectClient(desktop)
})

afterEach(async () => {
  await client.bus.close()
  await desktop.close()
})

describe('a user at the desktop', () => {
  test('clicks a notification: the action comes first, then the closing', async () => {
    const id = await client.notify({})
    desktop.click(lastShown(desktop))
    expect(await client.signalsSoFar()).toEqual([
      ['ActionInvoked', id, 'default'],
      ['NotificationClosed', id, 2],
    ])
  })

  test.each([
    ['by its id in Firefox', firefoxActions, 'track', 'track-moz'],
    ['by its title in Firefox', firefoxActions, 'Track', 'track-moz'],
    ['by its place in Chromium', chromiumActions, '1', '1'],
    ['by its title in Chromium', chromiumActions, 'Track', '0'],
    [
      'by its place when Chromium counted on from a replaced one',
      ['2', 'Track', '3', 'B', 'default', 'Activate', 'settings', 'Settings'],
      '1',
      '3',
    ],
  ])('clicks a button %s', async (_, actions, wanted, key) => {
    const id = await client.notify({ actions })
    desktop.click(lastShown(desktop), wanted)
    expect(await client.signalsSoFar()).toContainEqual(['ActionInvoked', id, key])
  })

  test('cannot click a button that is not there', async () => {
    await client.notify({ actions: chromiumActions })
    expect(() => desktop.click(lastShown(desktop), 'settings')).toThrow(RangeError)
    expect(await client.signalsSoFar()).toEqual([])
    expect(lastShown(desktop).ended).toBeUndefined()
  })

  test('dismisses a notification', async () => {
    const id = await client.notify({})
    desktop.dismiss(lastShown(desktop))
    expect(await client.signalsSoFar()).toEqual([['NotificationClosed', id, 2]])
  })

  test('clicks a resident notification, which stays', async () => {
    const id = await client.notify({ hints: { resident: ['b', true] } })
    desktop.click(lastShown(desktop))
    expect(await client.signalsSoFar()).toEqual([['ActionInvoked', id, 'default']])
    expect(lastShown(desktop).ended).toBeUndefined()
  })

  test('replies with a text where there is a field for it', async () => {
    const actions = ['inline-reply', 'Reply', ...chromiumActions]
    const id = await client.notify({ actions })
    expect(lastShown(desktop).canReply).toBe(true)
    desktop.reply(lastShown(desktop), 'on my way')
    expect(await client.signalsSoFar()).toEqual([
      ['NotificationReplied', id, 'on my way'],
      ['NotificationClosed', id, 2],
    ])
    await client.notify({ actions: chromiumActions })
    expect(() => desktop.reply(lastShown(desktop), 'hello')).toThrow(RangeError)
  })

  test('cannot use a notification that is gone', async () => {
    await client.notify({})
    const gone = lastShown(desktop)
    desktop.dismiss(gone)
    expect(() => desktop.click(gone)).toThrow(/click must be on the screen .* was dismissed/)
    expect(() => desktop.dismiss(gone)).toThrow(RangeError)
  })
})

describe('a browser that takes its notifications back', () => {
  test('closes one, and hears that it is closed', async () => {
    const id = await client.notify({})
    const notification = lastShown(desktop)
    await client.call('CloseNotification', 'u', id)
    expect(await desktop.waitForClose(notification)).toBe('closed')
    expect(await client.signalsSoFar()).toEqual([['NotificationClosed', id, 3]])
    await expect(client.call('CloseNotification', 'u', id)).rejects.toThrow()
    expect(await client.signalsSoFar()).toEqual([])
  })

  test('replaces one under the same number, as Chromium does', async () => {
    const id = await client.notify({ title: 'old' })
    const old = lastShown(desktop)
    expect(await client.notify({ title: 'new', replaces: id })).toBe(id)
    expect(old.ended).toBe('replaced')
    expect(desktop.notifications).toMatchObject([{ id, title: 'new', replacesId: id }])
    expect(() => desktop.click(old)).toThrow(RangeError)
    expect(await client.notify({ title: 'next' })).not.toBe(id)
    expect(await client.signalsSoFar()).toEqual([])
  })

  test('replaces one by closing it and showing another, as Firefox does', async () => {
    const id = await client.notify({ title: 'old' })
    await client.call('CloseNotification', 'u', id)
    await client.notify({ title: 'new' })
    expect(desktop.history.map(({ title, ended }) => [title, ended])).toEqual([
      ['old', 'closed'],
      ['new', undefined],
    ])
  })
})
