import { describe, expect, test } from 'vitest'
import type { PageMessage } from '../../src/client/index.ts'
import { sayShown } from './say-shown.ts'
import { start } from './start-client.ts'

describe('onMessage', () => {
  test('hears of messages of its type alone, until it is undone', async () => {
    const { page, push } = start()
    const heard: PageMessage[] = []
    const undo = push.onMessage('chat', (message) => heard.push(message))
    await push.prepare()
    sayShown(page, 'order')
    sayShown(page)
    await expect
      .poll(() => heard)
      .toEqual([{ id: 'm1', data: { text: 'hi' }, elected: true, shown: true }])
    undo()
    const later: unknown[] = []
    push.onMessage('later', ({ data }) => later.push(data))
    sayShown(page)
    sayShown(page, 'later')
    // Told after the one before.
    await expect.poll(() => later).toHaveLength(1)
    expect(heard).toHaveLength(1)
  })

  test('hears what the worker says to this page alone as well', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onMessage('chat', ({ data }) => heard.push(data))
    await push.prepare()
    const data = {
      pushwell: 1,
      scope: page.worker.scope,
      kind: 'message',
      message: { type: 'chat', data: 1 },
    }
    page.workerMessages.dispatchEvent(Object.assign(new Event('message'), { data }))
    await expect.poll(() => heard).toEqual([1])
  })

  test('leaves alone what is not its own', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onMessage('chat', ({ data }) => heard.push(data))
    await push.prepare()
    const message = { type: 'chat', data: 1 }
    page.channels.say({
      pushwell: 1,
      scope: 'https://app.example/other/',
      kind: 'message',
      message,
    })
    page.channels.say({ pushwell: 2, scope: page.worker.scope, kind: 'message', message })
    page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'later', message })
    page.channels.say('text')
    page.channels.say(null)
    sayShown(page, 'chat', 'its own')
    await expect.poll(() => heard).toContain('its own')
    expect(heard).toEqual(['its own'])
  })

  test('goes on when a listener throws, and the error is seen', async () => {
    const { page, push } = start()
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    const heard: unknown[] = []
    push.onMessage('chat', () => {
      throw new Error('listener')
    })
    push.onMessage('chat', ({ data }) => heard.push(data))
    await push.prepare()
    sayShown(page)
    await expect.poll(() => heard).toHaveLength(1)
    expect(await uncaught).toMatchObject({ message: 'listener' })
  })
})
