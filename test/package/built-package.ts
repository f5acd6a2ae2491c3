import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './run-node.ts'

/** The parts of `package.json` that the tests of the package look at. */
export interface Manifest {
  readonly name: string
  readonly version: string
  /** What each entry names: a file, or one for each condition. */
  readonly exports: Readonly<
    Record<string, string | ({ readonly types: string } & Readonly<Record<string, string>>)>
  >
  readonly bin: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly unpkg: string
  readonly jsdelivr: string
}

/** Reads `package.json`. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest
}

/**
 * The folder of what was built.
 *
 * @throws Error with the command to run, when nothing was.
 */
export function distFolder(): string {
  const folder = path.join(root, 'dist')
  for (const part of ['pushwell.js', 'pushwell.global.js', 'types']) {
    if (!existsSync(path.join(folder, part))) {
      throw new Error(`There is no dist/${part}: run "npm run build" before the package's tests.`)
    }
  }
  return folder
}

/** The scripts under `dist/`, as paths from there. */
export function builtScripts(): string[] {
  return readdirSync(distFolder(), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort()
}
