import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectToBus } from '../../../src/testing/desktop/bus-connection.ts'
import type { BusConnection } from '../../../src/testing/desktop/bus-connection.ts'
import { startDesktop } from '../../../src/testing/desktop/index.ts'
import type { Desktop, DesktopNotification } from '../../../src/testing/desktop/index.ts'
import { notificationMember } from '../../../src/testing/desktop/notification-service.ts'

type Variant = readonly [signature: string, value: unknown]

interface Client {
  bus: BusConnection
  /** Every signal that came, in order, as its name and its arguments. */
  signals: unknown[][]
  call(member: string, signature: string, ...args: unknown[]): Promise<unknown>
  notify(options: {
    app?: string
    replaces?: number
    title?: string
    body?: string
    actions?: string[]
    hints?: Record<string, Variant>
    timeout?: number
  }): Promise<number>
}

const service = 'org.freedesktop.Notifications'
const firefoxActions = ['default', 'Activate', 'track-moz', 'Track', 'b-moz-moz', 'B']
const chromiumActions = ['0', 'Track', '1', 'B', 'default', 'Activate', 'settings', 'Settings']

async function connectClient(desktop: Desktop): Promise<Client> {
  const bus = await connectToBus(desktop.address.replace('unix:path=', ''))
  const signals: unknown[][] = []
  for (const name of ['ActionInvoked', 'NotificationClosed', 'NotificationReplied']) {
    await bus.onSignal(notificationMember(name), (args) => signals.push([name, ...args]))
  }
  const call: Client['call'] = async (member, signature, ...args) => {
    const [answer] = await bus.call(service, notificationMember(member), signature, args)
    return answer
  }
  return {
    bus,
    signals,
    call,
    async notify({ app = 'Firefox', replaces = 0, title = 'Title', body = '', ...rest }) {
      const { actions = ['default', 'Activate'], hints = {}, timeout = -1 } = rest
      const args = [app, replaces, '', title, body, actions, Object.entries(hints), timeout]
      return Number(await call('Notify', 'susssasa{sv}i', ...args))
    },
  }
}

let desktop: Desktop
let client: Client

beforeEach(async () => {
  desktop = await startDesktop()
  client = await connectClient(desktop)
})

afterEach(async () => {
  await client.bus.close()
  await desktop.close()
})

function shown(): DesktopNotification {
  const last = desktop.notifications.at(-1)
  if (!last) throw new Error('Nothing is on the screen.')
  return last
}

/** Signals and answers come in the order sent, so an answer proves that the signals are all here. */
async function signalsSoFar(): Promise<unknown[][]> {
  await client.call('GetCapabilities', '')
  return client.signals.splice(0)
}

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
    expect(shown()).toMatchObject({
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
    expect(shown().origin).toBeUndefined()
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
    expect(shown()).toMatchObject({
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

describe('a user at the desktop', () => {
  test('clicks a notification: the action comes first, then the closing', async () => {
    const id = await client.notify({})
    desktop.click(shown())
    expect(await signalsSoFar()).toEqual([
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
    desktop.click(shown(), wanted)
    expect(await signalsSoFar()).toContainEqual(['ActionInvoked', id, key])
  })

  test('cannot click a button that is not there', async () => {
    await client.notify({ actions: chromiumActions })
    expect(() => desktop.click(shown(), 'settings')).toThrow(RangeError)
    expect(await signalsSoFar()).toEqual([])
    expect(shown().ended).toBeUndefined()
  })

  test('dismisses a notification', async () => {
    const id = await client.notify({})
    desktop.dismiss(shown())
    expect(await signalsSoFar()).toEqual([['NotificationClosed', id, 2]])
  })

  test('clicks a resident notification, which stays', async () => {
    const id = await client.notify({ hints: { resident: ['b', true] } })
    desktop.click(shown())
    expect(await signalsSoFar()).toEqual([['ActionInvoked', id, 'default']])
    expect(shown().ended).toBeUndefined()
  })

  test('replies with a text where there is a field for it', async () => {
    const actions = ['inline-reply', 'Reply', ...chromiumActions]
    const id = await client.notify({ actions })
    expect(shown().canReply).toBe(true)
    desktop.reply(shown(), 'on my way')
    expect(await signalsSoFar()).toEqual([
      ['NotificationReplied', id, 'on my way'],
      ['NotificationClosed', id, 2],
    ])
    await client.notify({ actions: chromiumActions })
    expect(() => desktop.reply(shown(), 'hello')).toThrow(RangeError)
  })

  test('cannot use a notification that is gone', async () => {
    await client.notify({})
    const gone = shown()
    desktop.dismiss(gone)
    expect(() => desktop.click(gone)).toThrow(/click must be on the screen .* was dismissed/)
    expect(() => desktop.dismiss(gone)).toThrow(RangeError)
  })
})

describe('a browser that takes its notifications back', () => {
  test('closes one, and hears that it is closed', async () => {
    const id = await client.notify({})
    const notification = shown()
    await client.call('CloseNotification', 'u', id)
    expect(await desktop.waitForClose(notification)).toBe('closed')
    expect(await signalsSoFar()).toEqual([['NotificationClosed', id, 3]])
    await expect(client.call('CloseNotification', 'u', id)).rejects.toThrow()
    expect(await signalsSoFar()).toEqual([])
  })

  test('replaces one under the same number, as Chromium does', async () => {
    const id = await client.notify({ title: 'old' })
    const old = shown()
    expect(await client.notify({ title: 'new', replaces: id })).toBe(id)
    expect(old.ended).toBe('replaced')
    expect(desktop.notifications).toMatchObject([{ id, title: 'new', replacesId: id }])
    expect(() => desktop.click(old)).toThrow(RangeError)
    expect(await client.notify({ title: 'next' })).not.toBe(id)
    expect(await signalsSoFar()).toEqual([])
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
