import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import { arrangeGroup, memberOf } from './arrange-group.ts'
import { finish } from './choose-notification.ts'
import { displayed, type OwnNotification } from './displayed.ts'
import { excusesSilence } from './excuses-silence.ts'
import { foldGroup } from './fold-group.ts'
import { findRule, type GroupRule, type GroupRules } from './group-rule.ts'
import { type ClickRecord, shownBy } from './notification.ts'
import { quietly } from './quietly.ts'
import { show } from './show.ts'
import { takeAway } from './take-away.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** A notification about to be shown. */
interface ComingNotification extends OwnNotification {
  readonly received: ReceivedMessage
  /** In milliseconds since 1970. */
  readonly since: number
  /** When it was on the screen, in steps. */
  readonly shown?: number
}

/** Milliseconds after which one that was about to be shown is taken not to come. */
const givenUpMs = 3000

/**
 * Makes a part that folds the messages of one `group` into one notification when they are many, or
 * has the last one alone on the screen, and that takes off it what a message names in `close`.
 *
 * @param rules - By the group's name: `chat.*` is for all that begin with `chat.`, `*` for all
 * others, and the longest counts. Groups without a rule stay apart.
 *
 * @example
 * groups({
 *   'chat.*': { apart: 2, summary: ({ count }) => ({ title: `${count} messages`, navigate: '/chat' }) },
 *   'upload.*': 'latest',
 * })
 */
export function groups(rules: GroupRules = {}): WorkerPart {
  let coming: readonly ComingNotification[] = []
  /** Moments may be the same by the clock: what happens here is counted. */
  let step = 0
  /** What goes once a message is shown. */
  const replacing = new WeakMap<ReceivedMessage, ReadonlySet<string | undefined>>()
  const ruleFor = (name: string | undefined, context: WorkerContext): GroupRule | undefined => {
    const rule = name === undefined ? undefined : findRule(rules, name)
    if (typeof rule !== 'object') return rule
    const { summary } = rule
    return { ...rule, summary: (group) => finish(summary(group), {}, context).descriptor }
  }

  /** Takes off a folded notification what was read elsewhere. */
  const foldBack = async (
    one: OwnNotification,
    { id: by, close = [] }: ReceivedMessage,
    context: WorkerContext,
  ) => {
    const { record, descriptor, notification } = one
    const { name, at, folded } = record.group ?? {}
    const rule = ruleFor(name, context)
    if (name === undefined || at === undefined || !folded || typeof rule !== 'object') return
    const left = foldGroup([memberOf(one)], ({ tag }) => close.includes(tag ?? ''))
    if (left.count === folded.count) return
    if (left.count === 0) return takeAway(notification, record, by, context)
    const { tag } = descriptor
    const again = { ...quietly(rule.summary({ name, ...left })), ...(tag && { tag }) }
    const { id, recipient } = record
    const group = { name, at, folded: left }
    await show(context.scope, again, { id, recipient, record: { group, shownBy: by } })
    if (!excusesSilence(context.scope)) await takeAway(notification, record, by, context)
  }

  return {
    name: 'groups',
    async arrange(chosen, received, context) {
      const { descriptor, message } = chosen
      const { id, group: name, recipient, sentAt, close = [] } = received
      const rule = ruleFor(name, context)
      if (name === undefined || !rule || message.recipient !== recipient) return chosen
      const began = (step += 1)
      const listed = await displayed(context.scope).catch(() => [])
      // From here on nothing is waited for: two messages at once must not decide alike.
      const since = Date.now()
      const at = sentAt ?? since
      // In WebKit nothing may be replaced while the push that showed it lasts.
      const tag = excusesSilence(context.scope) ? `pushwell-group ${name}` : (id ?? name)
      coming = coming.filter((one) => since < one.since + givenUpMs)
      const unlisted = coming.filter(({ shown = Infinity }) => shown > began)
      const members = [...listed, ...unlisted].filter(
        ({ record }) => record.group?.name === name && record.recipient === recipient,
      )
      const arranged = arrangeGroup(
        // A route that comes late describes the same notification again.
        replacing.has(received) && rule !== 'latest' ? { ...rule, apart: Infinity } : rule,
        { id, name, tag, at, descriptor },
        members,
        (other) => close.includes(other ?? ''),
      )
      const { record } = arranged
      replacing.set(received, arranged.replaces)
      const next = { ...chosen, descriptor: arranged.descriptor, own: descriptor }
      const full = { v: 1, id, recipient, ...record } as ClickRecord
      coming = [...coming, { descriptor: next.descriptor, record: full, received, since }]
      return { ...next, message: { ...message, record } }
    },
    async shown({ descriptor, message }, received, context) {
      const now = (step += 1)
      coming = coming.map((one) => (one.received === received ? { ...one, shown: now } : one))
      const { id, recipient, close = [] } = received
      const going = replacing.get(received) ?? new Set()
      if (message.recipient !== recipient || close.length + going.size === 0) return
      const isReplaced = excusesSilence(context.scope) ? descriptor.tag : undefined
      for (const one of await displayed(context.scope)) {
        const { record, notification } = one
        const { tag = '' } = one.descriptor
        const by = shownBy(record)
        const isOthers = record.recipient !== undefined && record.recipient !== recipient
        if (by === id || isOthers) continue
        if (close.includes(tag) || (going.has(by) && tag !== isReplaced))
          await takeAway(notification, record, id, context)
        else await foldBack(one, received, context)
      }
    },
  } satisfies WorkerPart<WorkerContext>
}
