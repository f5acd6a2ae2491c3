import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of scripts, which is removed when it is disposed of. */
export interface ScriptFolder extends AsyncDisposable {
  /** The path of a script in it. */
  path(name: string): string
}

/** Writes scripts, by their names, into a new folder. */
export async function writeScripts(scripts: Record<string, string>): Promise<ScriptFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'pushwell-worker-'))
  const path = (name: string) => join(folder, name)
  await Promise.all(Object.entries(scripts).map(([name, code]) => writeFile(path(name), code)))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
