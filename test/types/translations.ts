/** What the types of the worker's translations and payloads take and refuse. Checked by `tsc`, never run. */
import { createPushWorker, flatPayload, translations } from '../../sw/index.ts'
import type { MessageContent } from '../../src/shared/message-content.ts'

export async function typed(): Promise<void> {
  const texts = translations(
    {
      en: {
        shipped: 'Order {id} has shipped',
        items: { one: '{count} item', other: '{count} items' },
      },
      de: { shipped: 'Bestellung {id} ist unterwegs' },
    },
    { fallback: 'en' },
  )
  createPushWorker({ parts: [texts], payloads: [flatPayload], take: 'ours' })
  const text: string | undefined = await texts.translate('items', { count: 2 })
  await texts.translate('shipped', { id: text ?? '' })

  // @ts-expect-error There is no such key.
  await texts.translate('shiped')
  // @ts-expect-error An argument is text or a number.
  await texts.translate('shipped', { id: null })
  // @ts-expect-error There is no such language to fall back to.
  translations({ en: { a: 'A' } }, { fallback: 'de' })
  // @ts-expect-error Plural forms have one for everything else.
  translations({ en: { items: { one: 'item' } } })
  // @ts-expect-error There is no such plural form.
  translations({ en: { items: { single: 'item', other: 'items' } } })
  // @ts-expect-error A text is no number.
  translations({ en: { a: 1 } })
  // @ts-expect-error Texts are under languages.
  translations({ shipped: 'Order {id} has shipped' })
  // @ts-expect-error There is no such choice.
  createPushWorker({ take: 'mine' })
  // @ts-expect-error An adapter answers at once.
  createPushWorker({ payloads: [async () => ({ notification: { title: 'T' } })] })
  // @ts-expect-error A notification has a title.
  createPushWorker({ payloads: [() => ({ notification: { body: 'B' } })] })
}

export const messages: readonly MessageContent[] = [
  { localized: { title: { key: 'items', args: { count: 1 } }, stale: { body: { key: 'late' } } } },
  { stale: { title: 'Late' }, expiresAt: 0 },
  // @ts-expect-error A text has a key.
  { localized: { title: { args: {} } } },
  // @ts-expect-error What is shown when it is late has a title.
  { stale: { body: 'Late' } },
]
