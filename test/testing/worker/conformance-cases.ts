import { clickCases } from './conformance-clicks.ts'
import { notificationOptionCases } from './conformance-notification-options.ts'
import { notificationCases } from './conformance-notifications.ts'
import { pushCases } from './conformance-pushes.ts'
import { scopeCases } from './conformance-scope.ts'

/** The engines that a case says something about. */
export type ConformanceEngine = 'chromium' | 'firefox'

/**
 * A small piece of a worker, and what it sees in stock browsers. The code has at hand what
 * `conformance-worker.js` gives it.
 */
export interface ConformanceCase {
  readonly name: string
  /**
   * What makes the code run. For a click or a dismissal the setup must show a notification titled
   * `Last of ${id}`: that is the one.
   *
   * @default 'message'
   */
  readonly trigger?: 'message' | 'push' | 'notificationclick' | 'notificationclose'
  /** Runs before the trigger. */
  readonly setup?: string
  /** The button to click. */
  readonly action?: string
  /** What is pushed; nothing without it. */
  readonly payload?: string | Uint8Array
  /** The body of an async function; what it returns is compared. */
  readonly code: string
  readonly expected: Readonly<Record<ConformanceEngine, unknown>> & {
    /** What the harness says of WebKit, where something says so. */
    readonly webkit?: unknown
    /** What WebKitGTK shows of it, where it is no measure for Apple's ports. */
    readonly webkitgtk?: unknown
  }
}

/** What a browser and the harness must agree on. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...notificationOptionCases,
  ...notificationCases,
  ...clickCases,
  ...pushCases,
  ...scopeCases,
]
