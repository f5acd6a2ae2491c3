import type { AskAnswer } from '../shared/registration-record.ts'

/** Days to wait after the user's first, second and every further "not now". */
const defaultAskAgainDays: readonly number[] = [3, 7, 30]

const dayMs = 86_400_000

/** After how many dismissals Chromium blocks a site for a while (`permission_decision_auto_blocker`). */
const embargoAfter = 3

/**
 * Decides whether the app may show its own prompt again: after each answer that put it off, the
 * next pause has to be over.
 *
 * @param now - Milliseconds since 1970.
 */
export function mayAsk(
  answers: readonly AskAnswer[] | undefined,
  now: number,
  pauses: readonly number[] = defaultAskAgainDays,
): boolean {
  const putOff = sinceGranted(answers).filter(({ answer }) => answer !== 'denied')
  const last = putOff.at(-1)
  if (!last) return true
  const days = pauses[Math.min(putOff.length, pauses.length) - 1] ?? 0
  return now >= last.at + days * dayMs
}

/**
 * Tells whether a blocked permission is the browser's own doing: the user never refused here, and
 * closed the question as often as Chromium puts up with.
 */
export function isEmbargoed(answers: readonly AskAnswer[] | undefined): boolean {
  const since = sinceGranted(answers)
  const dismissed = since.filter(({ answer }) => answer === 'dismissed')
  return dismissed.length >= embargoAfter && since.every(({ answer }) => answer !== 'denied')
}

function sinceGranted(answers: readonly AskAnswer[] = []): readonly AskAnswer[] {
  return answers.slice(answers.findLastIndex(({ answer }) => answer === 'granted') + 1)
}
