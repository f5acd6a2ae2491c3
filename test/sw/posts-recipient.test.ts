import { describe, expect, test, vi } from 'vitest'
import type { PostsOptions } from '../../sw/index.ts'
import {
  breakDatabase,
  holdDatabase,
  keepRecord,
  ours,
  pushOne,
  titles,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'
import { loadPostsWorker, waiting } from './posts-worker.ts'

describe('somebody else', () => {
  test('does not make the requests of the user before', async () => {
    const { worker, posted, click } = await loadPostsWorker({ answers: [500] })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    await click('anna')
    expect(posted).toHaveLength(1)
    await keepRecord({ recipient: 'bert' })
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(1)
    expect(await waiting()).toEqual([])
    expect(titles(worker)).toEqual([])
  })

  test('who clicks on what was for another makes none', async () => {
    const { worker, posted } = await loadPostsWorker()
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    const shown = await pushOne(worker, ours('any', {}, { recipient: 'anna' }))
    await keepRecord({ recipient: null })
    await worker.click(shown, 'like')
    expect(posted).toEqual([])
  })
})

describe('who is signed in', () => {
  const mine = ({ reply }: { readonly reply?: string | undefined }) => ({
    title: `Not sent: ${reply}`,
  })

  test('is who clicked, and not who signs in while a route is at work', async () => {
    let here = 'anna'
    const headers = () => ({ authorization: here })
    const begun = vi.fn<() => void>()
    let end: (() => void) | undefined
    const onClick = () => {
      begun()
      return new Promise<void>((resolve) => (end = resolve))
    }
    const { worker, posted, click } = await loadPostsWorker({ onClick, options: { headers } })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    const clicking = click('anna')
    await expect.poll(() => [begun.mock.calls.length, posted.length]).toEqual([1, 1])
    here = 'bert'
    await keepRecord({ recipient: 'bert' })
    end?.()
    await clicking
    expect(posted).toMatchObject([{ token: 'anna' }])
  })

  test.each([undefined, 'anna'])(
    'is waited for where storage is slow, since no window has to be opened (%s)',
    async (recipient) => {
      using clock = stopClock()
      const { worker, posted } = await loadPostsWorker()
      await using _ = worker
      await keepRecord({ recipient: 'anna' })
      const shown = await pushOne(worker, ours('any', {}, { recipient }))
      await worker.restart()
      const letOpen = holdDatabase()
      const clicking = worker.click(shown, 'like')
      await clock.pass(700)
      letOpen()
      await clicking
      expect(posted).toHaveLength(1)
    },
  )

  test('and cannot be found out has the user told, of nothing private', async () => {
    const { worker, posted } = await loadPostsWorker({
      action: { type: 'text' },
      options: { failed: mine },
    })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    const shown = await pushOne(worker, ours('any', {}, { recipient: 'anna' }))
    await worker.restart()
    breakDatabase()
    await worker.click(shown, 'like', { reply: 'secret' })
    expect(posted).toEqual([])
    expect(titles(worker)).toEqual(['Not sent: undefined'])
  })

  test('and signs out while the request is under way leaves nothing private on the screen', async () => {
    const answer = async () => {
      await keepRecord({ recipient: null })
      return new Response(null, { status: 403 })
    }
    const options: Partial<PostsOptions> = { failed: mine }
    const { worker, posted, click } = await loadPostsWorker({ options, answers: [answer] })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    await click('anna', 'secret')
    expect(posted).toHaveLength(1)
    expect(titles(worker)).toEqual([])
    expect(await waiting()).toEqual([])
  })
})
