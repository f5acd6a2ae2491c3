import { access, constants, readdir } from 'node:fs/promises'
import path from 'node:path'

/** Where Debian and Ubuntu keep the programs of each version: not on the PATH. */
const debianFolder = '/usr/lib/postgresql'

/** Finds the folder with PostgreSQL's server programs: on the PATH, else Debian's newest. */
export async function findPostgres(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const versions = await readdir(debianFolder).catch((): string[] => [])
  const folders = [
    ...(environment['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== ''),
    ...versions
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => path.join(debianFolder, version, 'bin')),
  ]
  for (const folder of folders) {
    if ((await isProgram(folder, 'initdb')) && (await isProgram(folder, 'postgres'))) return folder
  }
  return null
}

function isProgram(folder: string, name: string): Promise<boolean> {
  return access(path.join(folder, name), constants.X_OK).then(
    () => true,
    () => false,
  )
}
