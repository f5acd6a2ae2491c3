import { describe, expect, test } from 'vitest'
import type { StandardSchema } from '../../src/shared/message.ts'
import { createPushWorker } from '../../sw/index.ts'
import { home, loadPushWorker, ours, pushOne } from './load-push-worker.ts'
import { clickShown } from './click-shown.ts'

describe('a route’s own click', () => {
  const doubled: StandardSchema<number> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'number' ? { value: value * 2 } : { issues: [{ message: 'no number' }] },
    },
  }

  test('is given the data as the schema made it, and never what it refused', async () => {
    const seen: unknown[] = []
    await using worker = await loadPushWorker((scope) =>
      createPushWorker({ messages: { any: doubled } }, scope).on('any', {
        notification: ({ data }) => ({ title: String(data) }),
        click: ({ data }) => seen.push(data),
      }),
    )
    const good = await pushOne(worker, ours('any', 21))
    const bad = await pushOne(worker, ours('any', 'nonsense', { id: 'm2' }))
    expect([good.title, bad.title]).toEqual(['42', 'app.example'])
    expect((await worker.click(good)).opened).toEqual([])
    expect((await worker.click(bad)).opened).toEqual([home])
    expect(seen).toEqual([42])
  })

  test('is told what was clicked, and opens what it likes within the origins', async () => {
    const seen: unknown[] = []
    const { opened } = await clickShown({
      notification: {
        navigate: '/a',
        actions: [{ action: 'reply', title: 'Reply', navigate: '/reply' }],
      },
      action: 'reply',
      click: async ({ action, data, id, url, open }) => {
        seen.push({ action, data, id, url })
        await open('/elsewhere')
      },
    })
    expect(seen).toEqual([
      { action: 'reply', data: { n: 1 }, id: 'm1', url: 'https://app.example/reply' },
    ])
    expect(opened).toEqual(['https://app.example/elsewhere'])
  })

  test('that opens nothing has it so', async () => {
    expect((await clickShown({ click: () => undefined })).opened).toEqual([])
  })

  test('that throws before it opened anything leads where the notification says', async () => {
    const { opened } = await clickShown({
      notification: { navigate: '/a' },
      click: () => {
        throw new Error('broken')
      },
    })
    expect(opened).toEqual(['https://app.example/a'])
  })
})
