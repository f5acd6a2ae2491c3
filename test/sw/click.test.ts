import { describe, expect, test } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import { home, loadPushWorker, pushOne } from './load-push-worker.ts'
import { clickShown } from './click-shown.ts'

describe('a click', () => {
  test('closes the notification and opens its URL', async () => {
    const { closed, opened } = await clickShown({ notification: { navigate: '/orders/42' } })
    expect(closed).toBe(true)
    expect(opened).toEqual(['https://app.example/orders/42'])
  })

  test('without a URL opens the app’s root', async () => {
    expect((await clickShown({})).opened).toEqual(['https://app.example/'])
  })

  test('on a button opens the button’s URL, or the notification’s when it has none', async () => {
    const notification = {
      navigate: '/orders/42',
      actions: [
        { action: 'track', title: 'Track', navigate: '/track/42' },
        { action: 'later', title: 'Later' },
      ],
    }
    const track = await clickShown({ notification, action: 'track' })
    expect(track.opened).toEqual(['https://app.example/track/42'])
    const later = await clickShown({ notification, action: 'later' })
    expect(later.opened).toEqual(['https://app.example/orders/42'])
  })

  test('only closes where navigate is null', async () => {
    const actions = [{ action: 'dismiss', title: 'Dismiss', navigate: null }]
    const { closed, opened } = await clickShown({ notification: { actions }, action: 'dismiss' })
    expect(closed).toBe(true)
    expect(opened).toEqual([])
  })

  test('on a notification of another script is left alone', async () => {
    await using worker = await loadPushWorker((scope) => createPushWorker({}, scope))
    await worker.scope.registration.showNotification('Theirs', { data: { url: '/x' } })
    const [theirs] = worker.notifications
    if (!theirs) throw new Error('Nothing was shown.')
    expect(await worker.click(theirs)).toMatchObject({ closed: false, opened: [] })
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://app.example/1',
    'https://evil.example/',
    'https://user:secret@app.example/',
    '//evil.example/',
    'http://',
  ])('never leads to %s', async (navigate) => {
    expect((await clickShown({ notification: { navigate } })).opened).toEqual([
      'https://app.example/',
    ])
  })

  test('may lead to an allowed origin', async () => {
    const { opened } = await clickShown({ notification: { navigate: 'https://partner.example/a' } })
    expect(opened).toEqual(['https://partner.example/a'])
  })

  test('goes by the app’s scope where a subscription is just moving to a new key', async () => {
    await using worker = await loadPushWorker((scope) => createPushWorker({}, scope), {
      scope: `${home}pushwell-key-move/`,
    })
    const notification = { title: 'T', navigate: 'orders/42' }
    const shown = await pushOne(worker, { notification })
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/orders/42'])
  })
})
