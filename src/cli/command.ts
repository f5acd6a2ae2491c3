/** What a command has of the world around it. */
export interface CommandContext {
  /** Writes a line to standard output. */
  readonly out: (line: string) => void
  /** Writes a line to standard error. */
  readonly err: (line: string) => void
  /** Ends a command that stands until it is told to end. */
  readonly signal: AbortSignal
}

/** One command of the `pushwell` program. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** @returns The exit status. */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<number>
}
