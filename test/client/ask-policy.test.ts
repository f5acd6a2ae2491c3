import { describe, expect, test } from 'vitest'
import { isEmbargoed, mayAsk } from '../../src/client/ask-policy.ts'
import type { AskAnswer } from '../../src/shared/registration-record.ts'
import { createFakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

const dayMs = 86_400_000

/** Answers, one a millisecond from 0 on. */
const said = (...answers: AskAnswer['answer'][]): AskAnswer[] =>
  answers.map((answer, at) => ({ answer, at }))

const times = (count: number) => said(...Array.from({ length: count }, () => 'dismissed' as const))

describe('the app’s own prompt', () => {
  test('may be shown to somebody who never answered', () => {
    expect(mayAsk(undefined, 0)).toBe(true)
    expect(mayAsk([], 0)).toBe(true)
  })

  test.each([
    [1, 3],
    [2, 7],
    [3, 30],
    [4, 30],
    [10, 30],
  ])('after %i times "not now" waits for %i days', (count, days) => {
    const last = count - 1
    expect(mayAsk(times(count), last + days * dayMs - 1)).toBe(false)
    expect(mayAsk(times(count), last + days * dayMs)).toBe(true)
  })

  test('starts anew once the user has said yes', () => {
    const answers = said('dismissed', 'dismissed', 'granted')
    expect(mayAsk(answers, 3)).toBe(true)
    const again: AskAnswer[] = [...answers, { answer: 'dismissed', at: 10 }]
    expect(mayAsk(again, 10 + 3 * dayMs)).toBe(true)
  })

  test('waits as long as the app wants', () => {
    expect(mayAsk(times(1), dayMs - 1, [1])).toBe(false)
    expect(mayAsk(times(2), 1 + dayMs, [1])).toBe(true)
    expect(mayAsk(times(1), 0, [])).toBe(true)
  })
})

describe('an embargo', () => {
  test.each<[AskAnswer['answer'][], boolean]>([
    [[], false],
    [['dismissed', 'dismissed'], false],
    [['dismissed', 'dismissed', 'dismissed'], true],
    [['dismissed', 'dismissed', 'dismissed', 'denied'], false],
    [['dismissed', 'dismissed', 'granted', 'dismissed'], false],
    [['granted', 'dismissed', 'dismissed', 'dismissed'], true],
  ])('after %j: %s', (answers, embargoed) => {
    expect(isEmbargoed(said(...answers))).toBe(embargoed)
  })
})

describe('canAsk', () => {
  test('is false until prepare() has ended, then true for somebody who has not been asked', async () => {
    const { push } = start()
    expect(push.canAsk()).toBe(false)
    await push.prepare()
    expect(push.canAsk()).toBe(true)
  })

  test('is false after postpone() until the pause is over, also at the next load', async () => {
    const { page, push } = start()
    await push.prepare()
    await push.postpone()
    expect(push.canAsk()).toBe(false)
    const next = start(page).push
    await next.prepare()
    page.now += 3 * dayMs - 1
    expect(next.canAsk()).toBe(false)
    page.now += 1
    expect(next.canAsk()).toBe(true)
  })

  test('counts a closed browser prompt as "not now"', async () => {
    const page = createFakePage()
    page.answer = 'default'
    const { push } = start(page)
    await push.prepare()
    await push.enable()
    await expect.poll(push.canAsk).toBe(false)
    expect(push.state).toEqual({ status: 'prompt' })
    page.now += 3 * dayMs
    expect(push.canAsk()).toBe(true)
  })

  test.each(['granted', 'denied'] as const)(
    'is false once permission is %s',
    async (permission) => {
      const page = createFakePage()
      page.permission = permission
      const { push } = start(page)
      await push.prepare()
      expect(push.canAsk()).toBe(false)
    },
  )

  test('and postpone() do nothing where pushes cannot be', async () => {
    const page = createFakePage()
    page.platform.hasPushManager = false
    const { push } = start(page)
    await push.postpone()
    expect(push.canAsk()).toBe(false)
    expect(page.registered).toEqual([])
  })

  test('a browser that blocks after three dismissals is told from a user who does', async () => {
    const page = createFakePage()
    page.answer = 'default'
    const { push } = start(page)
    await push.prepare()
    for (let index = 0; index < 3; index += 1) await push.enable()
    await push.prepare()
    page.permission = 'denied'
    expect(await push.prepare()).toEqual({
      status: 'blocked',
      reason: 'embargo',
      remedy: 'ask-again-later',
    })
  })
})
