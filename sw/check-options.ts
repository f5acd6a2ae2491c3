import { rangeError, typeError } from '../src/shared/errors.ts'
import type { MessageDefinitions } from '../src/shared/message.ts'
import { isNotificationDescriptor } from './notification.ts'
import type { PushWorkerOptions } from './push-worker-options.ts'

/** Milliseconds: browsers end a worker that takes longer over an event. */
const longestMs = 60_000

/**
 * Checks the options of a worker that would not fail before a push comes.
 *
 * @throws TypeError or RangeError naming the one that is wrong.
 */
export function checkOptions<Definitions extends MessageDefinitions>(
  options: PushWorkerOptions<Definitions>,
): void {
  const { deadlineMs = 1, defaults = {}, parts = [], payloads = [], take = 'all' } = options
  const must = (isRight: boolean, expectation: string) => {
    if (!isRight) throw typeError('invalid-argument', expectation)
  }
  for (const name of ['fallback', 'neutral'] as const) {
    const isRight = options[name] === undefined || isNotificationDescriptor(options[name])
    must(isRight, `${name} must be a notification with a title.`)
  }
  must(typeof defaults === 'object' && defaults !== null, 'defaults must be an object.')
  const names: unknown[] = Array.isArray(parts) ? parts.map((part) => part?.name) : [undefined]
  must(
    names.every((name) => typeof name === 'string') && new Set(names).size === names.length,
    'parts must be an array, one of a kind.',
  )
  must(
    Array.isArray(payloads) && payloads.every((adapter) => typeof adapter === 'function'),
    'payloads must be an array of functions.',
  )
  must(
    take === 'all' || take === 'ours' || typeof take === 'function',
    'take must be "all", "ours" or a function.',
  )
  if (!(deadlineMs >= 1 && deadlineMs <= longestMs))
    throw rangeError('invalid-argument', `deadlineMs must be from 1 to ${longestMs} milliseconds.`)
}
