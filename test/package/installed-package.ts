import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { distFolder } from './built-package.ts'
import { root, run } from './run-node.ts'

/** The package as its users get it: packed, and unpacked in a project of theirs. */
export interface InstalledPackage {
  readonly tarball: string
  /** The user's project: an ES module package that holds nothing else. */
  readonly project: string
  /** `node_modules/pushwell` in it. */
  readonly folder: string
  /** Puts a package of this repository's own beside it, as if the user had installed it. */
  readonly add: (name: string) => Promise<void>
  readonly remove: () => Promise<void>
}

/** Packs the package with what `dist/` holds, and puts it into a new project, with nothing else. */
export async function installPackage(): Promise<InstalledPackage> {
  distFolder()
  const temporary = await mkdtemp(path.join(await realpath(tmpdir()), 'pushwell-package-'))
  const project = path.join(temporary, 'project')
  const folder = path.join(project, 'node_modules', 'pushwell')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  const tarball = await pack(temporary)
  await succeed('tar', ['-xzf', path.basename(tarball)], temporary)
  await cp(path.join(temporary, 'package'), folder, { recursive: true })
  const add = async (name: string): Promise<void> => {
    const link = path.join(project, 'node_modules', name)
    await mkdir(path.dirname(link), { recursive: true })
    await symlink(path.join(root, 'node_modules', name), link, 'junction')
  }
  return {
    tarball,
    project,
    folder,
    add,
    remove: () => rm(temporary, { recursive: true, force: true }),
  }
}

async function pack(destination: string): Promise<string> {
  const options = ['--ignore-scripts', '--silent', '--pack-destination', destination]
  await succeed('npm', ['pack', ...options], root)
  const tarball = (await readdir(destination)).find((file) => file.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball.')
  return path.join(destination, tarball)
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, stderr } = await run(command, args, cwd)
  if (exitCode !== 0) throw new Error(`${command} ${args[0]} failed (${exitCode}): ${stderr}`)
}
