import { expect, test, vi } from 'vitest'
import { loadPictures, pictures, withoutPictures } from '../../sw/load-pictures.ts'

const never = () => new Promise<Response>(() => undefined)

/** Loads them where some hang, some fail and all others come. */
async function load(descriptor: object, timeoutMs = 20, scope = {}) {
  const asked: Request[] = []
  const late = vi.fn<(error: unknown) => void>()
  const fetch = async (url: string, init: RequestInit) => {
    asked.push(new Request(url, init))
    if (url.includes('hangs')) return never()
    if (url.includes('fails')) throw new TypeError('refused')
    return new Response('picture')
  }
  const loaded = await loadPictures(
    scope,
    { title: 'News', ...descriptor },
    { timeoutMs, late, fetch },
  )
  return { loaded, late: late.mock.calls.map(([error]) => error), asked }
}

const site = 'https://app.example/'

test('all that come in time stay, as do those that fail at once', async () => {
  const descriptor = {
    title: 'News',
    icon: `${site}icon.png`,
    image: `${site}fails.png`,
    badge: `${site}badge.png`,
    actions: [{ action: 'a', title: 'A', icon: `${site}a.png` }],
  }
  const { loaded, late, asked } = await load(descriptor, 5000)
  expect(loaded).toEqual(descriptor)
  expect(late).toEqual([])
  const names = asked.map(({ url }) => url.slice(site.length)).toSorted()
  expect(names).toEqual(['a.png', 'badge.png', 'fails.png', 'icon.png'])
})

test('those that hang are left out, and their requests ended', async () => {
  const { loaded, late, asked } = await load({
    icon: `${site}icon.png`,
    image: `${site}hangs.png`,
    actions: [
      { action: 'a', title: 'A', icon: `${site}hangs.png` },
      { action: 'b', title: 'B', icon: `${site}icon.png` },
    ],
  })
  expect(loaded).toEqual({
    title: 'News',
    icon: `${site}icon.png`,
    actions: [
      { action: 'a', title: 'A' },
      { action: 'b', title: 'B', icon: `${site}icon.png` },
    ],
  })
  expect(late).toMatchObject([{ code: 'timeout' }])
  const hanging = asked.filter(({ url }) => url.includes('hangs'))
  expect(hanging.map(({ signal }) => signal.aborted)).toEqual([true])
})

test('nothing is asked for without any, nor for what the address has in it', async () => {
  expect((await load({ body: 'Text' })).asked).toEqual([])
  expect((await load({ icon: 'data:image/png;base64,AAAA', image: '' })).asked).toEqual([])
})

test('what the browser does not know is not asked for', async () => {
  const descriptor = { icon: `${site}icon.png`, image: `${site}hangs.png`, badge: `${site}b.png` }
  const { loaded, asked } = await load(descriptor, 20, { Notification: { prototype: { icon: 1 } } })
  expect(asked.map(({ url }) => url)).toEqual([descriptor.icon])
  expect(loaded).toEqual({ title: 'News', ...descriptor })
})

test('what is no address is not asked for, and can be left out', async () => {
  const odd = { title: 'News', icon: new URL(site), actions: [null, { icon: 7 }] }
  expect((await load(odd)).asked).toEqual([])
  expect(pictures(odd as never)).toEqual([odd.icon, 7])
  expect(pictures({ title: 'News', actions: 'none' } as never)).toEqual([])
  expect(withoutPictures(odd as never, () => true)).toEqual({ title: 'News', actions: [{}, {}] })
})
