import { typeError } from '../src/shared/errors.ts'
import { askPage } from './ask-page.ts'
import { excusesSilence } from './excuses-silence.ts'
import type { WorkerPart } from './worker-part.ts'

/** Milliseconds that a page has to answer. */
const answerMs = 500
/** How many messages pages may take in so many milliseconds in Firefox, whose quota is sixteen. */
const most = 8
const periodMs = 10_000

/**
 * Lets the page that has the focus take a message, so that no notification is shown. `ask`: when the
 * page's option `foreground` says so; `page`: when the page listens for the message's type
 * (`onMessage`). Without an answer within half a second the message is shown.
 *
 * In WebKit every message is shown, because a push that shows nothing costs the subscription there.
 * Firefox counts those too, and forgets them while a tab is open: of more than eight in ten seconds
 * the rest is shown.
 *
 * @throws TypeError when the mode is neither.
 */
export function foreground(mode: 'ask' | 'page'): WorkerPart {
  if (mode !== 'ask' && mode !== 'page')
    throw typeError('invalid-argument', 'mode must be "ask" or "page".')
  /** Also those that a page is being asked about: many may come at once. */
  let taken: ReadonlyArray<{ readonly at: number }> = []
  return {
    name: 'foreground',
    async take({ message: { id, type = '', data } }, isNew, { home, scope }) {
      if (!excusesSilence(scope)) return false
      const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
      // Not a frame: Chromium excuses silence for a page of the site, not for one around it.
      const page = windows.find(
        (it) => it.focused && it.frameType !== 'nested' && it.url.startsWith(home),
      )
      const mine = { at: Date.now() }
      taken = taken.filter(({ at }) => mine.at - at < periodMs)
      const isCounted = scope.navigator.userAgent.includes('Firefox/')
      if (!page || (isCounted && taken.length >= most)) return false
      const message = { id, type, data }
      const question = { pushwell: 1, scope: home, kind: 'ask', mode, message } as const
      taken = [...taken, mine]
      let isTaken = !isNew
      try {
        isTaken ||= await askPage(page, question, answerMs)
      } finally {
        if (!isTaken) taken = taken.filter((it) => it !== mine)
      }
      return isTaken
    },
  }
}
