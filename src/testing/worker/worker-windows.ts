import { randomUUID } from 'node:crypto'
import type { MessagePort } from 'node:worker_threads'
import { rangeError } from '../../shared/errors.ts'

/** A window of the worker's origin, as a test describes it. */
export interface WorkerWindowOptions {
  /**
   * Where it is, relative to the worker's scope.
   *
   * @default the scope itself
   */
  readonly url?: string
  /** @default false */
  readonly focused?: boolean
  /** @default `visible` when it is focused, else `hidden` */
  readonly visibilityState?: 'visible' | 'hidden'
  /**
   * Whether the worker controls it.
   *
   * @default whether its URL is within the worker's scope
   */
  readonly controlled?: boolean
  /** What its page does with a message of the worker's, which may come with ports to answer on. */
  readonly onMessage?: (data: unknown, ports: readonly MessagePort[]) => void
}

/** A window, as the test sees it: always as it is now. */
export interface WorkerWindow {
  readonly id: string
  readonly url: string
  readonly focused: boolean
  readonly visibilityState: 'visible' | 'hidden'
  readonly controlled: boolean
  /** What the worker posted to it, oldest first. */
  readonly messages: readonly unknown[]
  /** Whether the worker opened it (`clients.openWindow`), or the browser did for a click. */
  readonly opened: boolean
}

/** A window that can be told things. */
export interface WindowState extends WorkerWindow {
  url: string
  focused: boolean
  visibilityState: 'visible' | 'hidden'
  controlled: boolean
  messages: unknown[]
  readonly onMessage: NonNullable<WorkerWindowOptions['onMessage']>
}

/** All windows of the worker's origin, the last focused first. */
export interface WorkerWindows {
  readonly all: readonly WindowState[]
  add(options: WorkerWindowOptions, opened?: boolean): WindowState
  focus(window: WindowState): void
  navigate(window: WindowState, url: string): void
  remove(window: WorkerWindow): void
  /** Has the worker control all within its scope (`clients.claim`). */
  claim(): void
}

/** Makes the windows that there are before the worker does anything. */
export function createWorkerWindows(
  scope: string,
  initial: readonly WorkerWindowOptions[],
): WorkerWindows {
  let windows: readonly WindowState[] = []
  const within = (url: string) => url.startsWith(scope)
  const focus = (window: WindowState) => {
    for (const other of windows) {
      other.focused = other === window
      // Another tab of the same browser is what a focused one most often hides.
      other.visibilityState = other === window ? 'visible' : 'hidden'
    }
    windows = [window, ...windows.filter((other) => other !== window)]
  }
  const add: WorkerWindows['add'] = (options, opened = false) => {
    const { focused = false, visibilityState = focused ? 'visible' : 'hidden' } = options
    const { href } = new URL(options.url ?? scope, scope)
    const { controlled = within(href), onMessage = () => undefined } = options
    const window: WindowState = {
      id: randomUUID(),
      url: href,
      focused: false,
      visibilityState,
      controlled,
      messages: [],
      onMessage,
      opened,
    }
    windows = [...windows, window]
    if (focused) focus(window)
    return window
  }
  for (const options of initial) add(options)
  return {
    get all() {
      return windows
    },
    add,
    focus,
    navigate(window, url) {
      window.url = url
      window.controlled = within(url)
    },
    remove(window) {
      if (!windows.some((other) => other === window)) {
        throw rangeError('invalid-argument', 'window must be one of the worker’s open windows.')
      }
      windows = windows.filter((other) => other !== window)
    },
    claim() {
      for (const window of windows) window.controlled ||= within(window.url)
    },
  }
}
