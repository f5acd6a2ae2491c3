import { closeNotification } from './close-notification.ts'
import { readClickRecord } from './notification.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Milliseconds around a notification's coming in which its predecessor's end is not the user's:
 * Firefox tells of a replaced notification as of a dismissed one (153).
 */
const replacedMs = 1000
/**
 * Milliseconds that the desktop has to take a notification: Chromium forgets to close one that it has
 * not taken yet (156, Linux).
 */
const settleMs = 500

/** What should be on the screen under a tag for which a try may still come. */
interface Place {
  tries: number
  /** What was shown there last, and how to show it again. */
  by?: object
  again?: () => Promise<unknown>
  shownAt?: number
  endedAt?: number | undefined
}

/**
 * Tries to show something that were given up, as their pictures did not come, and cannot be called
 * back: the browser shows them once it has the pictures, or has given them up itself (six seconds in
 * Chromium 156, minutes in Firefox 153), under the tag of what was shown meanwhile.
 */
export interface LateTries {
  /** Sees to it, once a try has come after all, that under its tag is what should be there. */
  mind(tag: string, trying: Promise<unknown>, by: object): void
  /** Says what is there now. */
  shown(tag: string, by: object, again: () => Promise<unknown>): void
  /** Says that what was there is gone, by us. */
  ended(tag: string): void
  /** Says that the browser told so, which it may do for what was replaced too. */
  closed(tag: string): void
}

/** Minds the tries of one worker. */
export function createLateTries({
  scope: { registration },
  ended,
}: Pick<WorkerContext, 'scope' | 'ended'>): LateTries {
  const places = new Map<string, Place>()
  const setRight = async (tag: string, place: Place, late: object) => {
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const { by, again, endedAt } = place
    if (endedAt !== undefined && Date.now() - endedAt >= replacedMs + settleMs) {
      for (const notification of await registration.getNotifications()) {
        const record = readClickRecord(notification.data)
        if (record && notification.tag === tag)
          closeNotification(notification, record, { ended, lateTries })
      }
    } else if (by !== late) await again?.()
  }
  const lateTries: LateTries = {
    mind(tag, trying, by) {
      const place = places.get(tag) ?? { tries: 0 }
      places.set(tag, place)
      place.tries += 1
      const forget = () => {
        place.tries -= 1
        if (place.tries === 0) places.delete(tag)
      }
      trying.then(() => setRight(tag, place, by)).then(forget, forget)
    },
    shown(tag, by, again) {
      const place = places.get(tag)
      if (place) Object.assign(place, { by, again, shownAt: Date.now(), endedAt: undefined })
    },
    ended(tag) {
      const place = places.get(tag)
      if (place) place.endedAt = 0
    },
    closed(tag) {
      const place = places.get(tag)
      if (place?.shownAt !== undefined && Date.now() - place.shownAt >= replacedMs)
        place.endedAt = Date.now()
    },
  }
  return lateTries
}
