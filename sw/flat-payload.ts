import { fieldsOf } from '../src/shared/parse-message.ts'
import type { AdaptedMessage } from './read-message.ts'

/**
 * Reads payloads whose notification is not an object of its own, as OneSignal's and many hand-written
 * backends send them: `title`; `alert`, `body` or `message`; `url`, `link` or `target_url`; `icon`,
 * `image`, `badge`, `tag`, `actions` and so on as in a notification. OneSignal's `custom` (`i` the
 * id, `u` the URL, `a` the data) and its buttons `o` are followed too. For the option `payloads`.
 */
export function flatPayload(payload: unknown): AdaptedMessage | undefined {
  const flat = fieldsOf(payload)
  const { title, notification, alert, message, url, link, target_url: target, data, o } = flat
  if (notification !== undefined || typeof title !== 'string' || title === '') return undefined
  const custom = fieldsOf(flat['custom'])
  const navigate = [flat['navigate'], url, link, target, custom['u']].find(isText)
  const body = [flat['body'], alert, message].find(isText)
  const { i: id } = custom
  return {
    // No other `id`: what is no message's own name would have the next one taken for the same.
    ...(isText(id) && { id }),
    data: custom['a'] ?? data,
    notification: {
      ...flat,
      title,
      ...(body !== undefined && { body }),
      ...(navigate !== undefined && { navigate }),
      ...(Array.isArray(o) && { actions: o.map(fieldsOf).map(button) as never }),
    },
  }
}

function button({ i, n, p, u }: Readonly<Record<string, unknown>>): object {
  return { action: i, title: n, icon: p, ...(isText(u) && { navigate: u }) }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
