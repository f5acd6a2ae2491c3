import { describe, expect, test } from 'vitest'
import type { PushClient } from '../../src/client/index.ts'
import { enabledBefore } from './start-client.ts'

describe('a bad argument', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)

  test.each<
    [string, (push: PushClient) => Promise<unknown>, RegExp, typeof TypeError | typeof RangeError]
  >([
    ['no recipient', (push) => push.identify(''), /^recipient must/, TypeError],
    ['a number', (push) => push.identify(42 as never), /^recipient must/, TypeError],
    ['null', (push) => push.identify(null as never), /^recipient must/, TypeError],
    ['no list', (push) => push.identify('ann', { tags: 'a' as never }), /^tags must/, TypeError],
    ['an empty tag', (push) => push.identify('ann', { tags: [''] }), /^tags must/, TypeError],
    ['no text', (push) => push.setTags({ add: [1 as never] }), /^add must/, TypeError],
    ['a recipient with NUL', (push) => push.identify('a\0'), /^recipient must/, TypeError],
    ['half a pair', (push) => push.identify('\uD800'), /^recipient must/, TypeError],
    ['a tag with NUL', (push) => push.setTags({ add: ['a\0'] }), /^add must/, TypeError],
    ['half a tag', (push) => push.setTags({ add: ['\uD83D'] }), /^add must/, TypeError],
    ['the other half', (push) => push.identify('a', { tags: ['\uDE00'] }), /^tags must/, TypeError],
    [
      'a long tag',
      (push) => push.setTags({ remove: ['x'.repeat(101)] }),
      /^remove must/,
      TypeError,
    ],
    ['many tags', (push) => push.identify('ann', { tags: tags(101) }), /^tags must/, RangeError],
    ['many at once', (push) => push.setTags({ add: tags(101) }), /^add must/, RangeError],
  ])('%s is a rejection that names it, and changes nothing', async (_, call, message, type) => {
    const { page, push } = await enabledBefore()
    await push.prepare()
    const error: unknown = await call(push).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect((error as Error).message).toMatch(message)
    expect(page.requests).toEqual([])
  })

  test('is none where both halves of a pair are there', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann 😀', { tags: ['😀'] })
    expect(page.requests.at(-1)?.body?.tags).toEqual(['😀'])
  })

  test('more tags than there may be in all is one, though each call had few', async () => {
    const { page, push } = await enabledBefore()
    await push.setTags({ add: tags(100) })
    await expect(push.setTags({ add: ['one more'] })).rejects.toThrow(RangeError)
    expect(await push.setTags({ remove: ['0'], add: ['one more'] })).toEqual({
      status: 'subscribed',
      sync: 'synced',
    })
    expect(page.requests).toHaveLength(2)
  })
})
