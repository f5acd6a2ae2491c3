import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectToBus } from '../../../src/testing/desktop/bus-connection.ts'
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

describe('a desktop on a real message bus', () => {
  test('offers what both browsers ask for before they show anything on it', async () => {
    expect(await client.call('GetCapabilities', '')).toEqual(
      expect.arrayContaining(['actions', 'body', 'inline-reply']),
    )
    expect(await client.call('GetServerInformation', '')).toBe('pushwell')
  })

  test('shows a notification as the page wrote it when Firefox sends it', async () => {
    const id = await client.notify({
      title: 'A & B',
      body: 'x &amp; &lt;b&gt; "q" &amp;amp;',
      actions: firefoxActions,
      hints: {
        'suppress-sound': ['b', true],
        'image-data': ['(iiibiiay)', [320, 200, 1280, true, 8, 4, [...Buffer.alloc(256_000, 7)]]],
      },
      timeout: 0,
    })
    expect(lastShown(desktop)).toMatchObject({
      id,
      appName: 'Firefox',
      title: 'A & B',
      body: 'x & <b> "q" &amp;',
      rawBody: 'x &amp; &lt;b&gt; "q" &amp;amp;',
      actions: [
        { action: 'track', title: 'Track' },
        { action: 'b-moz', title: 'B' },
      ],
      icon: { kind: 'pixels', width: 320, height: 200 },
      silent: true,
      requireInteraction: true,
      canReply: false,
      ended: undefined,
    })
    expect(lastShown(desktop).origin).toBeUndefined()
  })

  test('shows a notification as the page wrote it when Chromium sends it', async () => {
    await client.notify({
      app: 'Chromium',
      body: 'x &amp; y',
      actions: chromiumActions,
      hints: {
        urgency: ['y', 2],
        'x-kde-origin-name': ['s', 'localhost:8080'],
        'image-path': ['s', '/tmp/icon.png'],
      },
      timeout: 0,
    })
    expect(lastShown(desktop)).toMatchObject({
      body: 'x & y',
      origin: 'localhost:8080',
      actions: [
        { action: '0', title: 'Track' },
        { action: '1', title: 'B' },
      ],
      icon: { kind: 'file', path: '/tmp/icon.png' },
      silent: false,
      requireInteraction: true,
    })
  })

  test('keeps the order shown, and a history of what is gone', async () => {
    await client.notify({ title: 'one' })
    await client.notify({ title: 'two' })
    await client.notify({ title: 'three' })
    const [one, two] = desktop.notifications
    if (one) desktop.click(one)
    if (two) desktop.dismiss(two)
    expect(desktop.notifications.map(({ title }) => title)).toEqual(['three'])
    expect(desktop.history.map(({ title, ended }) => [title, ended])).toEqual([
      ['one', 'clicked'],
      ['two', 'dismissed'],
      ['three', undefined],
    ])
  })
})

describe('waiting for a notification', () => {
  test('ends when it is shown', async () => {
    const waiting = desktop.waitFor(({ title }) => title === 'two')
    await client.notify({ title: 'one' })
    await client.notify({ title: 'two' })
    expect(await waiting).toBe(desktop.history[1])
  })

  test('counts one that was shown before, unless a later one is asked for', async () => {
    await client.notify({ title: 'same' })
    const first = await desktop.waitFor(({ title }) => title === 'same')
    const waiting = desktop.waitFor(({ title }) => title === 'same', { after: first })
    await client.notify({ title: 'same' })
    expect(await waiting).toBe(desktop.history[1])
  })

  test('fails when nothing comes in time, without telling what was shown', async () => {
    await client.notify({ title: 'secret' })
    const failure = desktop.waitFor(({ title }) => title === 'other', { timeoutMs: 1 })
    await expect(failure).rejects.toMatchObject({
      code: 'timeout',
      message: expect.not.stringContaining('secret'),
    })
  })

  test('fails when the check itself fails', async () => {
    const waiting = desktop.waitFor(() => {
      throw new Error('broken check')
    })
    const failure = expect(waiting).rejects.toThrow('broken check')
    await client.notify({})
    await failure
  })

  test('fails when the desktop is closed meanwhile or before', async () => {
    const waiting = desktop.waitFor(() => false)
    const failure = expect(waiting).rejects.toMatchObject({ code: 'desktop-unavailable' })
    await desktop.close()
    await failure
    await expect(desktop.waitFor(() => true)).rejects.toMatchObject({ code: 'desktop-unavailable' })
  })
})

describe('closing a desktop', () => {
  test('leaves no folder and nobody to connect to, and may be done twice', async () => {
    const socket = desktop.address.replace('unix:path=', '')
    expect(existsSync(socket)).toBe(true)
    await Promise.all([desktop.close(), desktop.close()])
    expect(existsSync(dirname(socket))).toBe(false)
    await expect(connectToBus(socket)).rejects.toThrow()
  })

  test('happens by itself at the end of an `await using` block', async () => {
    let address = ''
    {
      await using other = await startDesktop()
      address = other.address
    }
    expect(existsSync(address.replace('unix:path=', ''))).toBe(false)
  })
})
