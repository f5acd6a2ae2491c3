import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtScripts, distFolder } from './built-package.ts'

/**
 * What some browser of README's table does not have: the oldest are Chrome 110, Firefox 115 and
 * Safari 16 (MDN's browser-compat-data). Grow it when a newer feature tempts.
 */
const younger: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['URL.canParse and URL.parse', /\bURL\.(canParse|parse)\b/],
  ['AbortSignal.any', /\bAbortSignal\.any\b/],
  ['Promise.withResolvers and Promise.try', /\bPromise\.(withResolvers|try)\b/],
  ['Array.fromAsync', /\bArray\.fromAsync\b/],
  ['groupBy', /\b(Object|Map)\.groupBy\b/],
  ['Response.json', /\bResponse\.json\b/],
  ['RegExp.escape', /\bRegExp\.escape\b/],
  ['Error.isError', /\bError\.isError\b/],
  ['the global Iterator', /\bIterator\.(from|concat|prototype)\b/],
  ['base64 and hex of Uint8Array', /\.(fromBase64|toBase64|setFromBase64|fromHex|toHex)\(/],
  ['well-formed strings', /\.(isWellFormed|toWellFormed)\(/],
  [
    'methods of Set',
    /\.(union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(/,
  ],
  [
    'methods of iterators',
    /(?<!\bObject)\.(values|keys|entries|matchAll)\([^()]*\)\.(map|filter|find|some|every|reduce|forEach|flatMap|take|drop|toArray)\(/,
  ],
  ['the v flag', /\/[dgimsuy]*v[dgimsuy]*[.,;)]/],
  ['requestIdleCallback', /\brequestIdleCallback\b/],
]

const scripts = builtScripts().filter((script) => script.endsWith('.global.js'))

test('there are scripts for a page and for two kinds of worker', () => {
  expect(scripts).toEqual([
    'pushwell-sw-basic.global.js',
    'pushwell-sw.global.js',
    'pushwell.global.js',
  ])
})

describe.each(scripts)('dist/%s runs in the oldest browsers of the README', (script) => {
  const code = readFileSync(path.join(distFolder(), script), 'utf8')

  test.each(younger)('without %s', (_, pattern) => {
    expect(pattern.exec(code)?.[0]).toBeUndefined()
  })
})

test.each([
  'URL.canParse(a)',
  'new Set(a).union(b)',
  'map.values().map(a)',
  'text.matchAll(/a/g).toArray()',
  '/[a--b]/v.test(c)',
])('%s would be found', (code) => {
  expect(younger.some(([, pattern]) => pattern.test(code))).toBe(true)
})

test('what the oldest have is let through', () => {
  const code = 'Object.values(a).map(b);a.toSorted();[...a.values()].map(b);Object.hasOwn(a,b)'
  expect(younger.filter(([, pattern]) => pattern.test(code))).toEqual([])
})
