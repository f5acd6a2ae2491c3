import type { TextArguments } from '../src/shared/message-format.ts'

/** A text in the forms that a language has for quantities (`Intl.PluralRules`). */
export type PluralForms = { readonly other: string } & {
  readonly [Form in 'zero' | 'one' | 'two' | 'few' | 'many']?: string
}

/**
 * The texts of one language by their keys. `{name}` is where an argument is put in; a number is
 * written as the language writes quantities. `{name, date}` and `{name, time}` take milliseconds
 * since 1970 or an ISO date. The argument `count` decides between plural forms.
 */
export interface Catalog {
  readonly [key: string]: string | PluralForms
}

/** Several {@link Catalog}s by their languages, as BCP 47 has them: `en`, `pt-BR`, `zh-Hant`. */
export interface Catalogs {
  readonly [language: string]: Catalog
}

/** Refuses plural forms that there are not: what a type is inferred from may have more members. */
export type KnownForms<Languages extends Catalogs> = {
  readonly [Language in keyof Languages]: {
    readonly [Key in keyof Languages[Language]]: Languages[Language][Key] extends string
      ? string
      : { readonly [Form in Exclude<keyof Languages[Language][Key], keyof PluralForms>]: never }
  }
}

/** A text in a language. */
export interface LocalizedText {
  readonly text: string
  readonly language: string
}

type Style = 'date' | 'time' | 'number'

/** Scripts that are written from right to left. */
const rightToLeft = /^(Arab|Hebr|Thaa|Syrc|Nkoo|Adlm|Rohg|Mand|Samr)$/

/**
 * Says which of some languages to look in, the best first: the wanted one, the same with fewer
 * subtags (RFC 4647 §3.4) or in the same script, the same in another region, and the fallback.
 *
 * @param wanted - A BCP 47 tag, or one with underscores; with anything else, the fallback is all there
 * is.
 */
export function languageOrder(
  wanted: string | undefined,
  available: readonly string[],
  fallback: string | undefined,
): string[] {
  const locale = parseLocale(wanted?.replaceAll('_', '-'))
  const same = (tag: string) => available.find((it) => it.toLowerCase() === tag.toLowerCase())
  const order: (string | undefined)[] = []
  if (locale) {
    const { language, script = '' } = locale.maximize()
    const parts = locale.baseName.split('-')
    const [whole = '', ...shorter] = parts.map((_, cut) =>
      parts.slice(0, parts.length - cut).join('-'),
    )
    order.push(...[whole, `${language}-${script}`, ...shorter].map(same))
    order.push(available.find((it) => parseLocale(it)?.language === language))
  }
  return [...new Set([...order, fallback])].filter((it) => it !== undefined)
}

/** Reads a language tag; `undefined` for what is none. */
export function parseLocale(tag: string | undefined): Intl.Locale | undefined {
  try {
    return tag ? new Intl.Locale(tag) : undefined
  } catch {
    return undefined
  }
}

/** Says in which direction a language is written. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  const { script = '' } = parseLocale(language)?.maximize() ?? {}
  return rightToLeft.test(script) ? 'rtl' : 'ltr'
}

/**
 * Finds a text in the first language that has it, and puts the arguments in. Whatever key and
 * arguments are, it neither throws nor runs anything.
 *
 * @param languages - In the order of {@link languageOrder}.
 * @returns `undefined` when no language has a text for the key that says anything.
 */
export function findText(
  catalogs: Catalogs,
  languages: readonly string[],
  key: unknown,
  args: unknown,
): LocalizedText | undefined {
  if (typeof key !== 'string') return undefined
  const given = typeof args === 'object' && args !== null ? args : {}
  for (const language of languages) {
    const catalog = catalogs[language] ?? {}
    const entry = Object.hasOwn(catalog, key) ? catalog[key] : undefined
    const text = entry && fill(choose(entry, given, language), given, language)
    if (text) return { text, language }
  }
  return undefined
}

function choose(entry: string | PluralForms, args: object, language: string): string {
  if (typeof entry === 'string') return entry
  const count = argumentOf(args, 'count')
  if (typeof count !== 'number') return entry.other
  return entry[new Intl.PluralRules(language).select(count)] ?? entry.other
}

/** Puts arguments in; a placeholder without one goes, with the space before it. */
function fill(template: string, args: object, language: string): string {
  const filled = template.replace(
    /(\s*)\{\s*([\w.-]+)\s*(?:,\s*(date|time|number)\s*)?\}/g,
    (_, space: string, name: string, style?: Style) => {
      const written = write(argumentOf(args, name), style, language)
      return written === undefined ? '' : space + written
    },
  )
  return filled.trim()
}

function write(
  value: string | number | undefined,
  style: Style | undefined,
  language: string,
): string | undefined {
  if (value === undefined) return undefined
  if (style === 'date' || style === 'time') {
    const at = new Date(value)
    const format: Intl.DateTimeFormatOptions =
      style === 'date' ? { dateStyle: 'medium' } : { timeStyle: 'short' }
    return Number.isNaN(at.getTime())
      ? undefined
      : new Intl.DateTimeFormat(language, format).format(at)
  }
  return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value
}

function argumentOf(args: object, name: string): TextArguments[string] | undefined {
  const value: unknown = Object.hasOwn(args, name) ? Reflect.get(args, name) : undefined
  return typeof value === 'string' || Number.isFinite(value)
    ? (value as string | number)
    : undefined
}
