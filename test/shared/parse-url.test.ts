import { afterEach, expect, test, vi } from 'vitest'
import { parseUrl } from '../../src/shared/parse-url.ts'
import { isEndpoint } from '../../src/shared/subscription.ts'
import { clickUrl } from '../../sw/click-url.ts'

afterEach(() => vi.unstubAllGlobals())

test.each<[string, string | undefined, string | undefined]>([
  ['https://app.example/a', undefined, 'https://app.example/a'],
  ['../b', 'https://app.example/a/', 'https://app.example/b'],
  ['/b', undefined, undefined],
  ['https://', 'https://app.example/', undefined],
])('%s at %s is %s', (url, base, expected) => {
  expect(parseUrl(url, base)?.href).toBe(expected)
})

test('a click and an endpoint are checked also in a browser without URL.canParse', () => {
  class OlderURL extends URL {}
  Object.assign(OlderURL, { canParse: undefined, parse: undefined })
  vi.stubGlobal('URL', OlderURL)
  const scope = 'https://app.example/'
  expect(clickUrl('/x', scope, [])).toBe('https://app.example/x')
  expect(clickUrl('http://', scope, [])).toBe(scope)
  expect(isEndpoint('https://push.example/1')).toBe(true)
})
