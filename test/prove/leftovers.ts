import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'

/**
 * Names what a run may leave behind: processes that descend from this one, sockets and timers that
 * keep this one alive, and our folders among the temporary ones.
 */
export async function leftovers(): Promise<string[]> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith('pushwell-'))
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|Pipe|Process|Timeout/.test(name))
  return [
    ...(await descendants()),
    ...folders.map((name) => `folder ${name}`),
    ...resources.map((name, index) => `resource ${name} ${index}`),
  ]
}

async function descendants(): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const parents = new Map<string, string>()
  for (const id of ids) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
    const [, parent = ''] = /^PPid:\t(\d+)/m.exec(status) ?? []
    // A zombie holds nothing but its number until its parent has read how it ended.
    if (!/^State:\tZ/m.test(status)) parents.set(id, parent)
  }
  const below = (id: string): boolean => {
    const parent = parents.get(id)
    return parent !== undefined && (parent === String(process.pid) || below(parent))
  }
  return [...parents.keys()].filter(below).map((id) => `process ${id}`)
}
