import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from './compile.ts'
import { root } from './run-node.ts'

const projects = [
  'src/shared',
  'src/client',
  'src/ui',
  'sw',
  'src/server',
  'src/server-node',
  'src/testing',
  'src/cli',
] as const

/** Of each project, what it must not import. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  'src/shared': ['src/client/index', 'sw/index', 'src/server/index', 'src/testing/index'],
  'src/client': ['sw/index', 'src/server/index', 'src/testing/index', 'src/cli/main'],
  'src/ui': ['sw/index', 'src/server/index', 'src/testing/index', 'src/cli/main'],
  sw: ['src/client/index', 'src/server/index', 'src/testing/index', 'src/cli/main'],
  'src/server': [
    'src/client/index',
    'sw/index',
    'src/server-node/index',
    'src/testing/index',
    'src/cli/main',
  ],
  'src/server-node': ['src/client/index', 'sw/index', 'src/testing/index', 'src/cli/main'],
  'src/testing': ['src/client/index', 'sw/index', 'src/cli/main'],
  'src/cli': ['src/client/index', 'sw/index'],
}

const noPage = { 'document.title': 'TS2584', 'window.name': 'TS2304' }
const noWorker = { 'skipWaiting()': 'TS2304', 'clients.claim()': 'TS2304' }
const noNode = { 'process.pid': 'TS2591', "import('node:fs')": 'TS2591', 'Buffer.from': 'TS2591' }

/** Of each project, what there is not where it runs, with the compiler's error for it. */
const absent: ReadonlyArray<readonly [project: string, globals: Readonly<Record<string, string>>]> =
  [
    ['src/shared', { ...noPage, ...noNode }],
    ['src/client', { ...noWorker, ...noNode }],
    ['src/ui', { ...noWorker, ...noNode }],
    ['sw', { ...noPage, ...noNode }],
    ['src/server', { ...noPage, ...noNode }],
    ['src/server-node', { ...noPage, ...noWorker }],
    ['src/testing', { ...noPage, ...noWorker }],
    ['src/cli', { ...noPage, ...noWorker }],
  ]

let copy = ''

/** Compiles a project of the copy with one more file. @returns Its errors in that file, by line. */
async function errorsOf(project: string, lines: readonly string[]): Promise<string[]> {
  const file = `${project}/breach.ts`
  await writeFile(path.join(copy, file), `${lines.join('\n')}\n`)
  try {
    const errors = await compile(['-b', project], copy)
    return errors
      .filter((error) => error.file === file)
      .sort((one, other) => one.line - other.line)
      .map(({ line, code }) => `${lines[line - 1]}: ${code}`)
  } finally {
    await rm(path.join(copy, file))
  }
}

beforeAll(async () => {
  copy = await mkdtemp(path.join(await realpath(tmpdir()), 'pushwell-realms-'))
  for (const part of ['package.json', 'tsconfig.base.json', 'src', 'sw']) {
    await cp(path.join(root, part), path.join(copy, part), { recursive: true })
  }
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction')
})

afterAll(() => rm(copy, { recursive: true, force: true }))

test('every project compiles as it is', async () => {
  expect(await compile(['-b', ...projects], copy)).toEqual([])
})

describe.each(Object.entries(forbidden))('%s', (project, targets) => {
  test.each(targets)('may not import %s.ts', async (target) => {
    const statement = `import '${path.posix.relative(project, target).replace(/^(?!\.)/, './')}.ts'`
    // TS6307: the imported file is of no project that the importing one refers to.
    expect(await errorsOf(project, [statement])).toEqual([`${statement}: TS6307`])
  })
})

test.each(absent)('%s knows only the globals of where it runs', async (project, globals) => {
  const expected = Object.entries(globals)
  const statements = expected.map(([expression]) => `void ${expression}`)
  expect(await errorsOf(project, [...statements, 'export {}'])).toEqual(
    expected.map(([expression, code]) => `void ${expression}: ${code}`),
  )
})
