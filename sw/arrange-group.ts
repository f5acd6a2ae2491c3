import type { OwnNotification } from './displayed.ts'
import { foldGroup, type GroupMember } from './fold-group.ts'
import type { GroupRule } from './group-rule.ts'
import {
  type GroupItem,
  type MessageIdentity,
  type NotificationDescriptor,
  shownBy,
} from './notification.ts'
import { quietly } from './quietly.ts'

/** A message of a group that is about to be shown. */
export interface ComingMessage {
  readonly id: string | undefined
  /** The group's name. */
  readonly name: string
  /** The tag of a notification that stands for the group. */
  readonly tag: string
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number
  /** How it would be shown apart. */
  readonly descriptor: NotificationDescriptor
}

/** What is shown for a message of a group. */
export interface GroupArrangement {
  readonly descriptor: NotificationDescriptor
  readonly record: NonNullable<MessageIdentity['record']>
  /** The messages whose notifications this one takes the place of; it may be one of them. */
  readonly replaces: ReadonlySet<string | undefined>
}

/** What a notification is to the folding of its group. */
export function memberOf({ record: { id, group }, descriptor }: OwnNotification): GroupMember {
  const { title, body, tag } = descriptor
  return { item: { id, title, body, tag, at: group?.at ?? 0 }, folded: group?.folded }
}

/**
 * Decides what is shown for a message of a group, from what is on the screen of it.
 *
 * @param members - The group's notifications, of the same recipient.
 * @param isGone - Tells the tag of a message that was read elsewhere.
 * @throws What the summary throws.
 */
export function arrangeGroup(
  rule: GroupRule,
  { id, name, tag, at, descriptor }: ComingMessage,
  members: readonly OwnNotification[],
  isGone: (tag: string | undefined) => boolean,
): GroupArrangement {
  const others = members.filter(({ record }) => record.id !== id)
  const pushesOf = (some: readonly OwnNotification[], more: readonly GroupItem[] = []) =>
    new Set([...some.map(({ record }) => shownBy(record)), ...more.map((item) => item.id)])
  const own = { group: { name, at } }
  if (rule === 'latest') {
    const [last] = others.toSorted((a, b) => memberOf(b).item.at - memberOf(a).item.at)
    const replaces = pushesOf(others)
    if (last && memberOf(last).item.at > at) {
      const record = { ...last.record, shownBy: id }
      return { descriptor: quietly(last.descriptor), record, replaces }
    }
    const mine = descriptor.tag === id ? { ...descriptor, tag } : descriptor
    return { descriptor: last ? quietly(mine) : mine, record: own, replaces }
  }
  const coming: OwnNotification = { descriptor, record: { v: 1, ...(id && { id }), ...own } }
  const folded = foldGroup([...members, coming].map(memberOf), (item) => isGone(item.tag))
  const summaries = others.filter(({ record }) => record.group?.folded)
  const { apart = 3, summary } = rule
  if (folded.count <= (summaries.length > 0 ? 1 : apart)) {
    return { descriptor, record: own, replaces: pushesOf(summaries) }
  }
  const { count, items } = folded
  return {
    descriptor: { tag, ...summary({ name, count, items }) },
    // Its click is none on the last of them.
    record: { type: undefined, data: undefined, group: { name, at, folded } },
    replaces: pushesOf(others, items),
  }
}
