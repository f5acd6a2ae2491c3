import { describe, expect, test } from 'vitest'
import type { NotificationSource } from '../../src/client/index.ts'
import { askPermission } from '../../src/client/permission.ts'
import { createFakePage } from './fake-page-platform.ts'

type Ask = NotificationSource['requestPermission']

/** Asks in a browser that does so. */
function ask(requestPermission: Ask, permission: NotificationPermission = 'default') {
  const { platform } = createFakePage()
  return askPermission({ ...platform, notification: { permission, requestPermission } })
}

describe('the user’s answer', () => {
  test.each<[string, (answer: NotificationPermission) => Ask]>([
    ['a promise', (answer) => () => Promise.resolve(answer)],
    [
      'a callback',
      (answer) => (answered) => {
        setTimeout(() => answered?.(answer))
        return undefined
      },
    ],
    [
      'both',
      (answer) => (answered) => {
        answered?.(answer)
        return Promise.resolve(answer)
      },
    ],
  ])('is taken from a browser that gives %s', async (_, form) => {
    for (const answer of ['granted', 'denied', 'default'] as const) {
      expect(await ask(form(answer))).toBe(answer)
    }
  })

  test('is asked for within the call', () => {
    let asked = 0
    const asking = ask(() => {
      asked += 1
      return Promise.resolve('granted')
    })
    expect(asked).toBe(1)
    return asking
  })

  test.each(['granted', 'denied'] as const)(
    '%s from before is not asked for again',
    async (held) => {
      const never = () => Promise.reject(new Error('asked'))
      expect(await ask(never, held)).toBe(held)
    },
  )

  test('that the browser refuses to ask for is told with its reason', async () => {
    const refusal = new DOMException('no', 'InvalidStateError')
    await expect(ask(() => Promise.reject(refusal))).rejects.toBe(refusal)
  })

  test('is no where nobody can be asked', async () => {
    const { platform } = createFakePage()
    expect(await askPermission({ ...platform, notification: undefined })).toBe('denied')
  })
})
