import { version } from '../shared/version.ts'
import type { Command, CommandContext } from './command.ts'
import { keysCommand } from './keys.ts'
import { serviceCommand } from './service.ts'

const commands: Readonly<Record<string, Command>> = { keys: keysCommand, service: serviceCommand }

/**
 * Runs the `pushwell` program.
 *
 * @param args - What follows the program's name.
 * @returns The exit status: 0; 1 when the command failed; 2 for words that it does not understand.
 */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { out, err } = context
  const [name = '--help', ...rest] = args
  if (name === '--version' || name === '-v') out(version)
  else if (name === '--help' || name === '-h') out(help())
  else if (!Object.hasOwn(commands, name)) {
    err(`pushwell: there is no command "${name}".\n\n${help()}`)
    return 2
  }
  try {
    return (await commands[name]?.run(rest, context)) ?? 0
  } catch (error) {
    err(`pushwell ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return isWrongWord(error) ? 2 : 1
  }
}

/** Tells what the words on the command line are to blame for, by its code. */
function isWrongWord(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'invalid-argument' || code.startsWith('ERR_PARSE_ARGS_')
}

function help(): string {
  const list = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(10)}${summary}`,
  )
  return ['Usage: pushwell <command>', '', ...list, '', '  --version', '  --help'].join('\n')
}
