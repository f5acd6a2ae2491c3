import { describe, expect, test } from 'vitest'
import { start } from './start-client.ts'

describe('onChange', () => {
  test('tells each change once, until it is undone', async () => {
    const { push } = start()
    const seen: string[] = []
    const undo = push.onChange(() => seen.push(push.state.status))
    await push.prepare()
    await push.prepare()
    await push.enable()
    undo()
    await push.disable()
    expect(seen).toEqual(['prompt', 'subscribed'])
  })

  test('tells the others when one listener throws, and nothing fails by it', async () => {
    const { push } = start()
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    const seen: string[] = []
    push.onChange(() => {
      throw new Error('listener')
    })
    push.onChange(() => seen.push(push.state.status))
    expect(await push.prepare()).toEqual({ status: 'prompt' })
    expect(seen).toEqual(['prompt'])
    expect(await uncaught).toMatchObject({ message: 'listener' })
  })

  test('keeps the snapshot’s identity while nothing changed', async () => {
    const { push } = start()
    const first = await push.prepare()
    expect(await push.prepare()).toBe(first)
  })
})
