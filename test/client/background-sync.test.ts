import { expect, test } from 'vitest'
import { requestBackgroundSync } from '../../src/client/background-sync.ts'

const scope = 'https://app.example/'
const retry = { code: 'backend-failed', attempts: 1, notBefore: 0, nextTry: 1 } as const
const record = { scope, mayHold: [], syncUrl: `${scope}push`, retry }

function registrationWithSync() {
  const tags: string[] = []
  const sync = {
    register: (tag: string) => {
      tags.push(tag)
      return Promise.reject(new DOMException('', 'NotAllowedError'))
    },
  }
  return { tags, registration: { sync } as unknown as ServiceWorkerRegistration }
}

test('the worker is to be woken for what the backend could not be told; a refusal is nothing', () => {
  const { registration, tags } = registrationWithSync()
  requestBackgroundSync(registration, record)
  expect(tags).toEqual(['pushwell'])
})

test.each([
  ['the backend knows everything', { retry: undefined }],
  ['only a sign-in helps', { retry: { ...retry, nextTry: Infinity } }],
  ['the worker has no way to the backend', { syncUrl: undefined }],
])('not when %s', (_, change) => {
  const { registration, tags } = registrationWithSync()
  requestBackgroundSync(registration, { ...record, ...change })
  expect(tags).toEqual([])
})

test('a browser without it, and a page without a worker, are left alone', () => {
  requestBackgroundSync({} as ServiceWorkerRegistration, record)
  requestBackgroundSync(undefined, record)
})
