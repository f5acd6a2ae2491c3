import { runNode, toolScript } from './run-node.ts'

/** One error of the compiler. */
export interface CompileError {
  /** As the compiler prints it: from the folder that it ran in. */
  readonly file: string
  readonly line: number
  readonly code: string
  readonly text: string
}

const errorLine = /^(?<file>.+)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<text>.*)$/
const loneError = /^error (?<code>TS\d+): (?<text>.*)$/

/** Runs this repository's TypeScript in a folder. @returns Its errors. */
export async function compile(args: readonly string[], cwd: string): Promise<CompileError[]> {
  const tsc = toolScript('typescript', 'bin', 'tsc')
  const { exitCode, stdout, stderr } = await runNode([tsc, ...args, '--pretty', 'false'], cwd)
  const errors = stdout.split(/\r?\n/).flatMap(readError)
  if ((exitCode === 0) !== (errors.length === 0)) {
    throw new Error(`tsc ended with ${exitCode} and said: ${stdout}${stderr}`)
  }
  return errors
}

function readError(printed: string): CompileError[] {
  const {
    file = '',
    line = '0',
    code,
    text,
  } = (errorLine.exec(printed) ?? loneError.exec(printed))?.groups ?? {}
  if (code === undefined || text === undefined) return []
  return [{ file: file.replaceAll('\\', '/'), line: Number(line), code, text }]
}
