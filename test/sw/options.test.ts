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

test('a second route for a type is refused', async () => {
  const route = { notification: () => ({ title: 'x' }) }
  const worker = await make({})
  expect(() => worker.on('checked', route).on('checked', route)).toThrow(TypeError)
})
