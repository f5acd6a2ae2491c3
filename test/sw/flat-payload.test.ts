import { describe, expect, test } from 'vitest'
import { flatPayload } from '../../sw/index.ts'
import { readMessage } from '../../sw/read-message.ts'
import { pushOne } from './load-push-worker.ts'
import { bytesOf, loadPayloadWorker } from './payload-worker.ts'

describe('flatPayload', () => {
  test.each([
    [{ title: 'T', alert: 'B', url: '/u', icon: '/i.png' }],
    [{ title: 'T', body: 'B', link: '/u', icon: '/i.png' }],
    [{ title: 'T', message: 'B', target_url: '/u', icon: '/i.png', url: '' }],
    [{ title: 'T', body: 'B', navigate: '/u', icon: '/i.png', url: '/other' }],
  ])('reads %j', async (payload) => {
    await using worker = await loadPayloadWorker({ payloads: [flatPayload] })
    const shown = await pushOne(worker, payload)
    expect(shown).toMatchObject({ title: 'T', body: 'B', icon: 'https://app.example/i.png' })
    await worker.click(shown)
    expect(worker.windows.map(({ url }) => url)).toEqual(['https://app.example/u'])
  })

  test('reads OneSignal’s id, data, URL and buttons', () => {
    const sent = {
      title: 'T',
      alert: 'B',
      custom: { i: 'n1', u: 'https://a.example/', a: { orderId: '42' } },
      o: [{ i: 'like', n: 'Like', p: '/like.png', u: '/like' }],
    }
    const data = { arrayBuffer: () => bytesOf(JSON.stringify(sent)) }
    const event = { data, waitUntil: () => undefined }
    expect(readMessage(event, { payloads: [flatPayload] })).toEqual({
      id: 'n1',
      data: { orderId: '42' },
      notification: {
        title: 'T',
        body: 'B',
        navigate: 'https://a.example/',
        actions: [{ action: 'like', title: 'Like', navigate: '/like', icon: '/like.png' }],
      },
    })
  })

  test('leaves alone what has a notification of its own, or no title', () => {
    expect(flatPayload({ title: 'T', notification: { title: 'N' } })).toBeUndefined()
    expect(flatPayload({ body: 'B' })).toBeUndefined()
    expect(flatPayload('T')).toBeUndefined()
    expect(flatPayload(undefined)).toBeUndefined()
  })
})
