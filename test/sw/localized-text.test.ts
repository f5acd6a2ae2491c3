import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { directionOf, findText, languageOrder } from '../../sw/localized-text.ts'

describe('languageOrder', () => {
  test.each([
    ['de', ['en', 'de'], ['de']],
    ['de-CH', ['en', 'de', 'de-CH'], ['de-CH', 'de']],
    ['DE-ch', ['de-CH'], ['de-CH']],
    ['de-AT', ['en', 'de'], ['de']],
    ['de_AT', ['en', 'de'], ['de']],
    ['pt-PT', ['pt-BR', 'en'], ['pt-BR']],
    ['pt', ['pt-BR', 'en'], ['pt-BR']],
    ['zh-TW', ['zh', 'zh-Hant'], ['zh-Hant', 'zh']],
    ['zh-CN', ['zh-Hant', 'zh-Hans'], ['zh-Hans', 'zh-Hant']],
    ['sr', ['sr-Cyrl', 'sr'], ['sr', 'sr-Cyrl']],
    ['en-u-nu-arab', ['en'], ['en']],
    ['fr', ['en', 'de'], []],
    ['not a tag', ['en'], []],
    ['', ['en'], []],
    [undefined, ['en'], []],
  ])('for %s of %j is %j', (wanted, available, order) => {
    expect(languageOrder(wanted, available, undefined)).toEqual(order)
  })

  test('ends in the fallback', () => {
    expect(languageOrder('de-AT', ['en', 'de'], 'en')).toEqual(['de', 'en'])
    expect(languageOrder('fr', ['en', 'de'], 'en')).toEqual(['en'])
    expect(languageOrder('en', ['en', 'de'], 'en')).toEqual(['en'])
  })

  test('never throws, and gives only what there is', () => {
    fc.assert(
      fc.property(fc.string(), (wanted) => {
        const order = languageOrder(wanted, ['en', 'pt-BR'], 'en')
        expect(['en', 'pt-BR']).toEqual(expect.arrayContaining(order))
      }),
    )
  })
})

describe('findText', () => {
  const catalogs = {
    en: {
      shipped: 'Your order {id} has shipped',
      items: { one: '{count} item', other: '{count} items' },
      eta: 'On {at, date} at {at, time}',
      greeting: 'Hello {name}, welcome',
      wrote: '{name} wrote',
      only: 'English',
    },
    de: { shipped: 'Deine Bestellung {id} ist unterwegs', blank: ' ' },
    pl: { items: { one: '{count} rzecz', few: '{count} rzeczy', other: '{count} rzeczy…' } },
    ar: { items: { two: 'اثنان', other: '{count}' } },
  }
  const find = (language: string, key: unknown, args?: unknown) =>
    findText(catalogs, [language, 'en'], key, args)?.text

  test('puts arguments in', () => {
    expect(find('en', 'shipped', { id: '42' })).toBe('Your order 42 has shipped')
    expect(find('de', 'shipped', { id: '42' })).toBe('Deine Bestellung 42 ist unterwegs')
  })

  test('leaves placeholders without an argument out, so that the rest can be read', () => {
    expect(find('en', 'shipped')).toBe('Your order has shipped')
    expect(find('en', 'greeting', {})).toBe('Hello, welcome')
    expect(find('en', 'wrote', { name: null })).toBe('wrote')
    expect(find('en', 'eta', { at: 'never' })).toBe('On at')
  })

  test('takes the form for the count', () => {
    expect(find('en', 'items', { count: 1 })).toBe('1 item')
    expect(find('en', 'items', { count: 2 })).toBe('2 items')
    expect(find('pl', 'items', { count: 3 })).toBe('3 rzeczy')
    expect(find('ar', 'items', { count: 2 })).toBe('اثنان')
  })

  test('takes the form for everything else where there is no count, and none of its own', () => {
    expect(find('en', 'items', {})).toBe('items')
    expect(find('en', 'items', { count: '1' })).toBe('1 items')
    expect(find('pl', 'items', { count: 5 })).toBe('5 rzeczy…')
  })

  test('writes numbers and dates as the language does', () => {
    expect(find('en', 'items', { count: 12_345 })).toBe('12,345 items')
    expect(find('de', 'shipped', { id: 12_345 })).toBe('Deine Bestellung 12.345 ist unterwegs')
    const at = new Date(2027, 0, 2, 15, 4)
    for (const given of [at.getTime(), at.toISOString()]) {
      expect(find('en', 'eta', { at: given })).toMatch(/^On Jan 2, 2027 at 3:04\sPM$/u)
    }
  })

  test('gives the text of a language that has it, and which that is', () => {
    expect(findText(catalogs, ['de', 'en'], 'only', {})).toEqual({
      text: 'English',
      language: 'en',
    })
    expect(findText(catalogs, ['de'], 'only', {})).toBeUndefined()
    expect(findText(catalogs, ['de'], 'blank', {})).toBeUndefined()
  })

  test('knows no keys and no arguments but those that were given', () => {
    for (const key of ['constructor', '__proto__', 'toString', 5, null, {}]) {
      expect(find('en', key)).toBeUndefined()
    }
    expect(
      findText({ en: { a: '{constructor} {__proto__} {toString} x' } }, ['en'], 'a', {}),
    ).toEqual({ text: 'x', language: 'en' })
  })

  test('puts in what an argument says as it is: nothing in it is looked up or run', () => {
    expect(find('en', 'shipped', { id: '{id} $& ${1} {name}' })).toBe(
      'Your order {id} $& ${1} {name} has shipped',
    )
  })

  test('never throws, whatever it is asked', () => {
    const keys = fc.oneof(fc.constantFrom('shipped', 'items', 'eta'), fc.anything())
    const args = fc.oneof(
      fc.dictionary(fc.constantFrom('id', 'at', 'count'), fc.anything()),
      fc.anything(),
    )
    fc.assert(
      fc.property(keys, args, (key, given) => {
        expect(typeof find('en', key, given)).toMatch(/string|undefined/)
      }),
    )
  })
})

test('a language is written from the right where its script is', () => {
  const directions = ['ar', 'he-IL', 'fa', 'ur', 'en', 'zh-Hant', 'az-Arab', 'az'].map(directionOf)
  expect(directions).toEqual(['rtl', 'rtl', 'rtl', 'rtl', 'ltr', 'ltr', 'rtl', 'ltr'])
})
