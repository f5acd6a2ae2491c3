import { withDeadline } from '../src/shared/deadline.ts'
import { typeError } from '../src/shared/errors.ts'
import type { TextArguments } from '../src/shared/message-format.ts'
import {
  fieldsOf,
  type ReceivedMessage,
  type ReceivedNotification,
} from '../src/shared/parse-message.ts'
import {
  type Catalogs,
  directionOf,
  findText,
  type KnownForms,
  languageOrder,
  type LocalizedText,
  parseLocale,
} from './localized-text.ts'
import type { PartContext } from './part-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** How texts are looked up. */
export interface TranslationsOptions<Languages extends Catalogs> {
  /**
   * The language for users of none that there is, and for keys that theirs lacks.
   *
   * @default none: the message's own text is shown
   */
  readonly fallback?: keyof Languages & string
}

/** A part of a worker that has texts in several languages. */
export interface Translations<Languages extends Catalogs> extends WorkerPart {
  /**
   * Gives a text in the user's language, for a route; `undefined` when no language has the key.
   *
   * @param key - Of any of the catalogs.
   */
  translate(key: KeyOf<Languages>, args?: TextArguments): Promise<string | undefined>
}

type KeyOf<Languages extends Catalogs> = {
  [Language in keyof Languages]: keyof Languages[Language] & string
}[keyof Languages]

/** Milliseconds to read which language the page has stored: a message is shown in some language. */
const readMs = 150

/**
 * Makes the part that writes messages in the user's language: the one that the page stored last (the
 * client's option `language`, else `navigator.language`), or the worker's own before there was a
 * page. The texts of a message whose `localized` names their keys take the place of its own, in
 * `notification` and in `stale`, before a route sees it; `lang` and `dir` go with them. A text whose
 * key no catalog has stays as the message has it.
 *
 * @throws TypeError when a language is no BCP 47 tag.
 *
 * @example
 * const texts = translations({
 *   en: { items: { one: '{count} item is on its way', other: '{count} items are on their way' } },
 *   de: { items: { one: '{count} Artikel ist unterwegs', other: '{count} Artikel sind unterwegs' } },
 * }, { fallback: 'en' })
 * createPushWorker({ parts: [texts] })
 */
export function translations<const Languages extends Catalogs>(
  catalogs: Languages & KnownForms<Languages>,
  { fallback }: TranslationsOptions<Languages> = {},
): Translations<Languages> {
  const available = Object.keys(catalogs)
  if (
    !available.every(parseLocale) ||
    (fallback !== undefined && !Object.hasOwn(catalogs, fallback))
  )
    throw typeError(
      'invalid-argument',
      'catalogs must be under BCP 47 tags, one of them the fallback.',
    )
  let worker: PartContext | undefined
  const languagesNow = async () =>
    languageOrder(worker && (await readLanguage(worker)), available, fallback)
  return {
    name: 'translations',
    start(context) {
      worker = context
    },
    async receive(received) {
      if (received.localized === undefined) return received
      const languages = await languagesNow()
      return localize(received, (text) => {
        const { key, args } = fieldsOf(text)
        return findText(catalogs, languages, key, args)
      })
    },
    async translate(key, args) {
      return findText(catalogs, await languagesNow(), key, args)?.text
    },
  }
}

async function readLanguage({ records, home, scope }: PartContext): Promise<string | undefined> {
  const reading = withDeadline(records.get(home), readMs, 'IndexedDB')
  const record = await reading.catch(() => undefined)
  return record?.client?.language ?? scope.navigator.language
}

type Find = (text: unknown) => LocalizedText | undefined

function localize(received: ReceivedMessage, find: Find): ReceivedMessage {
  const texts = fieldsOf(received.localized)
  const notification = localizeOne(received.notification, texts, find)
  const stale = localizeOne(received.stale, fieldsOf(texts['stale']), find)
  return { ...received, ...(notification && { notification }), ...(stale && { stale }) }
}

function localizeOne(
  own: ReceivedNotification | undefined,
  texts: Readonly<Record<string, unknown>>,
  find: Find,
): ReceivedNotification | undefined {
  const title = find(texts['title'])
  const body = find(texts['body'])
  const main = title ?? body
  const shown = title?.text ?? own?.title
  if (shown === undefined) return own
  const labels = fieldsOf(texts['actions'])
  const labelOf = (action: string) =>
    Object.hasOwn(labels, action) ? find(labels[action])?.text : undefined
  return {
    ...own,
    title: shown,
    ...(body && { body: body.text }),
    ...(main && { lang: main.language, dir: directionOf(main.language) }),
    ...(own?.actions && {
      actions: own.actions.map((it) => ({ ...it, title: labelOf(it.action) ?? it.title })),
    }),
  }
}
