/** How the service answered one request of a sender. */
export interface ServiceAnswer {
  /** `null` when the request was for no endpoint that the service knows. */
  readonly endpoint: string | null
  /** The HTTP status; `null` when the connection was dropped without an answer. */
  readonly status: number | null
  /** Why it was refused, in words. */
  readonly reason?: string
  /** The message that it made. */
  readonly messageId?: string
  /** Whether a test asked for it, by `fail`. */
  readonly isFault: boolean
  /** Milliseconds for which the answer was held back, by `delay`. */
  readonly delayMs: number
  /** Milliseconds since the epoch, by the service's clock. */
  readonly at: number
}

/** The newest answers, oldest first. */
export interface AnswerLog {
  readonly answers: readonly ServiceAnswer[]
  add(answer: ServiceAnswer): void
}

/**
 * Makes an empty log.
 *
 * @param limit - How many answers it keeps.
 */
export function createAnswerLog(limit: number): AnswerLog {
  const answers = new Set<ServiceAnswer>()
  return {
    get answers() {
      return [...answers]
    },
    add(answer) {
      answers.add(answer)
      for (const oldest of answers) {
        if (answers.size <= limit) return
        answers.delete(oldest)
      }
    },
  }
}
