import { expect, test } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import { loadPushWorker } from './load-push-worker.ts'

async function make(options: object) {
  await using worker = await loadPushWorker((scope) => {
    scope.addEventListener('push', () => undefined)
  })
  return createPushWorker(options, worker.scope)
}

test('an allowed origin that is none is refused when the worker is made', async () => {
  await expect(make({ allowedOrigins: ['partner'] })).rejects.toThrow(/^allowedOrigins/)
})

test.each(['fallback', 'neutral'])('%s without a title is refused', async (name) => {
  for (const wrong of [{}, { title: '' }, { body: 'x' }, null, 'Acme']) {
    await expect(make({ [name]: wrong })).rejects.toThrow(new RegExp(`^${name} must be`))
    await expect(make({ [name]: wrong })).rejects.toBeInstanceOf(TypeError)
  }
})

test.each([Number.NaN, Infinity, -1, 0, 60_001])(
  'a deadline of %s milliseconds is refused: it would have the fallback shown every time',
  async (deadlineMs) => {
    await expect(make({ deadlineMs })).rejects.toThrow(/^deadlineMs must be/)
    await expect(make({ deadlineMs })).rejects.toBeInstanceOf(RangeError)
  },
)

test.each([
  ['defaults', [null, 'icon.png']],
  ['parts', [null, {}, [undefined], [{}], [{ name: 'a' }, { name: 'a' }]]],
  ['payloads', [null, () => undefined, ['flat']]],
  ['take', [null, 'mine', true]],
])('%s of another kind are refused', async (name, values) => {
  for (const wrong of values) {
    await expect(make({ [name]: wrong })).rejects.toThrow(new RegExp(`^${name} must be`))
    await expect(make({ [name]: wrong })).rejects.toBeInstanceOf(TypeError)
  }
})

test('a second route for a type is refused', async () => {
  const route = { notification: () => ({ title: 'x' }) }
  const worker = await make({})
  expect(() => worker.on('checked', route).on('checked', route)).toThrow(TypeError)
})
