import type { GroupItem, NotificationDescriptor } from './notification.ts'

/** What to do with the messages of a group. */
export type GroupRule =
  /**
   * The last one stands for all, as for progress: it replaces the one before in place, without a
   * sound, and one that was sent earlier and comes later replaces nothing.
   */
  | 'latest'
  | {
      /**
       * How many stay apart, each under its own tag. With one more, one notification takes the place
       * of them all.
       *
       * @default 3
       */
      readonly apart?: number
      /**
       * Describes that notification. Without a `tag` it has one of its group's, so that it comes with
       * a sound the first time alone; with `renotify` it does so each time, where browsers know that.
       * A click follows its `navigate`, whatever the routes of its messages say. It must not take
       * its time: what it gives is used at once.
       */
      readonly summary: (group: NotificationGroup) => NotificationDescriptor
    }

/** The messages of a group that are on the screen. */
export interface NotificationGroup {
  readonly name: string
  readonly count: number
  /** The last fifty of them, the oldest first. */
  readonly items: readonly GroupItem[]
}

/** Rules by the group's name, by a beginning of it (`chat.*`), or for all others (`*`). */
export type GroupRules = { readonly [name: string]: GroupRule }

/** Finds the rule for a group: its own, else that of its longest beginning. */
export function findRule(rules: GroupRules, name: string): GroupRule | undefined {
  const beginnings = Object.keys(rules)
    .filter((key) => key.endsWith('*') && name.startsWith(key.slice(0, -1)))
    .toSorted((a, b) => b.length - a.length)
  return [name, ...beginnings].flatMap(
    (key) => (Object.hasOwn(rules, key) ? rules[key] : undefined) ?? [],
  )[0]
}
