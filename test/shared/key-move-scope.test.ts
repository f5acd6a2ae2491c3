import { expect, test } from 'vitest'
import { homeScope, keyMoveScope } from '../../src/shared/key-move-scope.ts'

const scopes = ['https://app.example/', 'https://app.example/a/b/']

test.each(scopes)('the second registration of %s lies within it', (scope) => {
  expect(keyMoveScope(scope)).not.toBe(scope)
  expect(keyMoveScope(scope).startsWith(scope)).toBe(true)
})

test.each(scopes)('both registrations of %s have the same home', (scope) => {
  expect(homeScope(scope)).toBe(scope)
  expect(homeScope(keyMoveScope(scope))).toBe(scope)
})
