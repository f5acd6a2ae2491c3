import type { FoldedGroup, GroupItem } from './notification.ts'

/** A notification of a group: on the screen, or about to be. */
export interface GroupMember {
  readonly item: GroupItem
  /** What it stands for, when that is more than one message. */
  readonly folded?: FoldedGroup | undefined
}

/** How many messages of a group are remembered one by one; the others are only counted. */
const remembered = 50

/**
 * Says what one notification in the place of all of these would stand for: each message once, the
 * oldest first. Of several that stand for more than one message the last made counts: it was made of
 * the ones before.
 *
 * @param isGone - Tells a message that was read elsewhere.
 */
export function foldGroup(
  members: readonly GroupMember[],
  isGone: (item: GroupItem) => boolean,
): FoldedGroup {
  const last = members
    .flatMap(({ folded }) => folded ?? [])
    .toSorted((a, b) => b.turn - a.turn)[0] ?? { count: 0, turn: 0, items: [] }
  const single = members.flatMap(({ item, folded }) => (folded ? [] : item))
  const items = [...last.items, ...single].map((item) => [item.id ?? item.title, item] as const)
  const left = [...new Map(items).values()].filter((item) => !isGone(item))
  return {
    count: last.count - last.items.length + left.length,
    turn: last.turn + 1,
    items: left.toSorted((a, b) => a.at - b.at).slice(-remembered),
  }
}
