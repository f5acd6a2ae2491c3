import type { ChannelMessage, ShownMessage } from '../shared/channel.ts'
import type { StoredClick } from '../shared/stored-click.ts'
import type { PagePlatform } from './page-platform.ts'
import { reportErrors } from './report-errors.ts'
import { createListeners } from './typed-listeners.ts'

/** A message that was shown while this page is open. */
export interface PageMessage<Data = unknown> {
  readonly id?: string | undefined
  readonly data: Data
  /**
   * Whether this tab is the one of all to act: to play a sound, say. It is the one that had the
   * focus last. All of them are told.
   */
  readonly elected: boolean
  /** Whether a notification was shown; `false` when this page or another one took the message. */
  readonly shown: boolean
}

/** A message that the page may take, so that no notification is shown. */
export interface ForegroundMessage<Data = unknown, Type extends string = string> {
  readonly type: Type
  readonly id?: string | undefined
  readonly data: Data
}

/** A click on a notification or one of its buttons. */
export interface PageClick<Data = unknown, Action extends string = string> {
  readonly id?: string | undefined
  readonly data: Data
  /** The button's name; empty for the notification itself. */
  readonly action: Action | ''
  /** What the user has written in the notification's text field, where browsers have one. */
  readonly reply?: string | undefined
  /** Where the click led. */
  readonly url: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * Takes the stored clicks that are wanted; each is given to one taker alone, over all tabs. A
 * function, so that the published types do not lead to the database's.
 */
export type TakeClicks = (
  scope: string,
  wanted: (click: StoredClick) => boolean,
) => Promise<readonly StoredClick[]>

/**
 * Goes to a URL of the app without loading the page anew, as a router does.
 *
 * @returns `false` to have the page loaded there after all. Nothing else is waited for.
 */
export type Navigate = (url: string, click: PageClick) => unknown

/** What a page hears of its worker. */
export interface PageEvents {
  onMessage(type: string, listener: (message: PageMessage) => void): () => void
  onClick(type: string, listener: (click: PageClick) => void): () => void
  /**
   * Takes in what came from the worker or another tab.
   *
   * @param answer - For what the worker asks.
   */
  receive(message: ChannelMessage, answer: (value: boolean) => void): void
  /** Hands over the stored clicks that somebody here listens for. */
  takeClicks(scope: string): Promise<void>
  /** Stands for election; with the focus, this tab wins at once. */
  stand(scope: string): void
}

/** What the app does in the worker's stead. */
export interface PageHooks {
  readonly navigate?: Navigate | undefined
  readonly foreground?: ((message: ForegroundMessage) => unknown) | undefined
}

type Question = Extract<ChannelMessage, { kind: 'ask' }>

/** Milliseconds that a click waits for the page that it led to. */
const graceMs = 5000

/**
 * Hands messages and clicks to the page's listeners: a click to one listener's tab alone, however
 * many are open, and also when the listener comes later than the click.
 */
export function createPageEvents(
  page: () => PagePlatform,
  takeStored: TakeClicks,
  signal: AbortSignal | undefined,
  { navigate, foreground }: PageHooks,
): PageEvents {
  const messageListeners = createListeners<PageMessage>()
  const clickListeners = createListeners<PageClick>()
  /** The keys of the clicks that the worker has told this page of. */
  const told = new Set<string>()
  /** What could not be stored and nobody here has listened for yet. */
  const unstored = new Set<StoredClick>()
  let scope: string | undefined
  /** This tab's time in the lead; none while another tab has it. */
  let term: object | undefined
  let isWaiting = false

  const hand = (click: StoredClick) => clickListeners.tell(click.type ?? '', pageClick(click))

  const handUnstored = () => {
    for (const click of unstored) {
      if (clickListeners.has(click.type ?? '') && unstored.delete(click)) hand(click)
    }
  }

  /** Has the app go somewhere; `false` when the worker shall have the page loaded there. */
  const goTo = (url: string, click: StoredClick) => {
    let isTaken = false
    reportErrors(
      () => (isTaken = navigate !== undefined && navigate(url, pageClick(click)) !== false),
    )
    return isTaken
  }

  /** A click belongs to the page that it led to; one that nobody has taken in time, to anybody. */
  const isOurs = ({ key, url, at }: StoredClick) =>
    told.has(key) || url === page().url() || page().now() - at > graceMs

  const takeClicks = async (of: string) => {
    scope = of
    const wanted = (click: StoredClick) => clickListeners.has(click.type ?? '') && isOurs(click)
    for (const click of await takeStored(of, wanted)) hand(click)
  }

  const tellMessage = ({ type, id, data, taken }: ShownMessage) =>
    messageListeners.tell(type, { id, data, elected: term !== undefined, shown: !taken })

  /** Whether this page takes a message: the worker asks the one that has the focus. */
  const decide = async ({ mode, message: { type, id, data } }: Question) => {
    let isTaken: unknown
    try {
      isTaken =
        mode === 'page' ? messageListeners.has(type) : await foreground?.({ type, id, data })
    } catch (error) {
      reportErrors(() => {
        throw error
      })
    }
    // The browser excuses a push that shows nothing only while the page is looked at.
    return isTaken === true && page().hasFocus()
  }

  const seek = (of: string, locks: NonNullable<PagePlatform['locks']>, steal: boolean) => {
    if (isWaiting && !steal) return
    isWaiting ||= !steal
    const ended = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
    const mine = {}
    const lead = () => {
      isWaiting &&= steal
      term = mine
      return ended
    }
    locks.request(`pushwell-leader ${of}`, { steal }, lead).catch(() => {
      // Two events that come together make this tab steal from itself: that is no loss.
      if (term !== mine) return
      // Another tab has the focus now: this one waits until that is gone.
      term = undefined
      if (!signal?.aborted) seek(of, locks, false)
    })
  }

  const stand = (of: string) => {
    const { locks } = page()
    // Without locks there is no telling: everybody acts.
    if (!locks) term = {}
    if (locks && !term && !signal?.aborted) seek(of, locks, page().hasFocus())
  }

  return {
    onMessage: messageListeners.add,
    onClick(type, listener) {
      const remove = clickListeners.add(type, listener)
      handUnstored()
      if (scope !== undefined) takeClicks(scope).catch(() => undefined)
      return remove
    },
    receive(message, answer) {
      if (message.kind === 'message') tellMessage(message.message)
      if (message.kind === 'navigate') answer(goTo(message.url, message.click))
      if (message.kind === 'ask') decide(message).then(answer, () => undefined)
      if (message.kind !== 'click') return
      const { click, stored } = message
      told.add(click.key)
      if (stored) takeClicks(message.scope).catch(() => undefined)
      else {
        unstored.add(click)
        handUnstored()
      }
    },
    takeClicks,
    stand,
  }
}

function pageClick({ id, data, action, reply, url, at }: StoredClick): PageClick {
  return { id, data, action, reply, url, at }
}
