import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import { arrangeGroup, memberOf } from './arrange-group.ts'
import { checkGroupRules } from './check-group-rules.ts'
import { finish } from './choose-notification.ts'
import { displayed, type OwnNotification } from './displayed.ts'
import { excusesSilence } from './excuses-silence.ts'
import { foldGroup } from './fold-group.ts'
import { findRule, type GroupRule, type GroupRules } from './group-rule.ts'
import { type ClickRecord, isNotificationDescriptor, messageIds, shownBy } from './notification.ts'
import { quietly } from './quietly.ts'
import { showPrivate } from './show-private.ts'
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

/** What the tag of a notification that stands for a group begins with. */
const groupTag = 'pushwell-group '
/** Milliseconds after which one that was about to be shown is taken not to come. */
const givenUpMs = 3000
/** Milliseconds that the list may take once the message is there. */
const listMs = 1000

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
  checkGroupRules(rules)
  let coming: readonly ComingNotification[] = []
  /** Moments may be the same by the clock: what happens here is counted. */
  let step = 0
  const asked = new WeakSet<ReceivedMessage>()
  const placed = new WeakSet<ReceivedMessage>()
  /** What goes once that is shown which carries the record. */
  const replacing = new WeakMap<object, ReadonlySet<string | undefined>>()
  const ruleFor = (name: string | undefined, context: WorkerContext): GroupRule | undefined => {
    const rule = name === undefined ? undefined : findRule(rules, name)
    if (typeof rule !== 'object') return rule
    const summary: typeof rule.summary = (group) => {
      const { descriptor } = finish(rule.summary(group), {}, context)
      if (isNotificationDescriptor(descriptor)) return descriptor
      throw new TypeError('A summary must be a notification with a title.')
    }
    return { ...rule, summary }
  }

  /**
   * Takes off a folded notification what was read elsewhere.
   *
   * @returns Whether it stood for any of that.
   */
  const foldBack = async (
    one: OwnNotification,
    { id: by, close = [] }: ReceivedMessage,
    context: WorkerContext,
  ) => {
    const { record, descriptor, notification } = one
    const { name, at, folded } = record.group ?? {}
    const rule = ruleFor(name, context)
    if (name === undefined || at === undefined || !folded || typeof rule !== 'object') return false
    const left = foldGroup([memberOf(one)], ({ tag }) => close.includes(tag ?? ''))
    if (left.count === folded.count) return false
    if (left.count > 0) {
      const { tag } = descriptor
      const again = { ...quietly(rule.summary({ name, ...left })), ...(tag && { tag }) }
      const { id, recipient } = record
      const group = { name, at, folded: left }
      const message = { id, recipient, record: { group, shownBy: by } }
      const isThere = await showPrivate({ descriptor: again, message }, context)
      // Where tags replace, it is the same one.
      if (!isThere || excusesSilence(context.scope)) return true
    }
    await takeAway(notification, record, by, context)
    return true
  }

  return {
    name: 'groups',
    async arrange(chosen, received, context) {
      const { again, descriptor, message } = chosen
      const { id, group: name, recipient, sentAt, close = [] } = received
      const rule = ruleFor(name, context)
      if (id === undefined || name === undefined || !rule || message.recipient !== recipient)
        return chosen
      // A route that comes late describes the same notification again.
      const isLate = asked.has(received)
      asked.add(received)
      const began = (step += 1)
      const listed = await displayed(context.scope).catch(() => [])
      // It took too long, and the message was shown without it.
      if (!isLate && placed.has(received)) return chosen
      // From here on nothing is waited for: two messages at once must not decide alike.
      const since = Date.now()
      const at = sentAt ?? since
      // In WebKit nothing may be replaced while the push that showed it lasts.
      const tag = `${groupTag}${name}${excusesSilence(context.scope) ? '' : ` ${id}`}`
      coming = coming.filter((one) => since < one.since + givenUpMs)
      const unlisted = coming.filter(({ shown = Infinity }) => shown > began)
      const members = [...listed, ...unlisted].filter(
        ({ record }) => record.group?.name === name && record.recipient === recipient,
      )
      // What the user has dismissed is not counted again.
      if (
        again &&
        rule !== 'latest' &&
        !members.some(({ record }) => messageIds(record).includes(id))
      )
        return { ...chosen, message: { ...message, record: { group: { name, at } } } }
      const { record, replaces, ...arranged } = arrangeGroup(
        isLate && rule !== 'latest' ? { ...rule, apart: Infinity } : rule,
        { id, name, tag, at, descriptor },
        members,
        (other) => close.includes(other ?? ''),
      )
      replacing.set(record, replaces)
      const full = { v: 1, id, recipient, ...record } as ClickRecord
      coming = [...coming, { ...arranged, record: full, received, since }]
      return { ...chosen, ...arranged, own: descriptor, message: { ...message, record } }
    },
    async placed({ descriptor, message }, received, context) {
      const now = (step += 1)
      placed.add(received)
      const going = replacing.get(message.record ?? {})
      coming = coming.flatMap((one) => {
        if (one.received !== received) return one
        // Something else was shown in its stead.
        return going ? { ...one, shown: now } : []
      })
      const { id, recipient, close = [] } = received
      if (message.recipient !== recipient || close.length + (going?.size ?? 0) === 0) return
      const isReplaced = excusesSilence(context.scope) ? descriptor.tag : undefined
      const tidy = async (one: OwnNotification) => {
        const { record, notification } = one
        const { tag = '' } = one.descriptor
        const by = shownBy(record)
        const { id: of = '', group } = record
        const named = tag.startsWith(groupTag) && !group?.folded ? of : tag
        const isOthers = record.recipient !== undefined && record.recipient !== recipient
        if (by === id || isOthers) return
        if (
          going?.has(by)
            ? tag !== isReplaced
            : !(await foldBack(one, received, context)) && close.includes(named)
        )
          await takeAway(notification, record, id, context)
      }
      // One that cannot be taken away keeps none of the others.
      await Promise.allSettled((await displayed(context.scope, listMs)).map(tidy))
    },
  } satisfies WorkerPart<WorkerContext>
}
