import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '../..')
const example = path.join(root, 'examples/testing')

interface Step {
  readonly uses?: string
  readonly run?: string
}
interface Workflow {
  readonly on: readonly string[]
  readonly jobs: Readonly<Record<string, { readonly container: string; readonly steps: Step[] }>>
}

const workflow = parse(readFileSync(path.join(example, 'push-tests.yml'), 'utf8')) as Workflow
const jobs = Object.values(workflow.jobs)
const commands = jobs
  .flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run.split('\n')))
  .map((line) => line.trim())
  .filter(Boolean)

/** The words of the one command that begins like this, after its options. */
function wordsAfter(start: string): string[] {
  const found = commands.filter((command) => command.startsWith(start))
  expect(found).toHaveLength(1)
  return (found[0] ?? '')
    .slice(start.length)
    .split(' ')
    .filter((word) => word !== '' && !word.startsWith('--'))
}

describe('the GitHub Actions example', () => {
  test('is a workflow whose steps each do one thing', () => {
    expect(workflow.on).toEqual(['push', 'pull_request'])
    expect(jobs).toHaveLength(1)
    for (const { steps } of jobs) {
      for (const { uses, run } of steps) expect([uses, run].filter(Boolean)).toHaveLength(1)
    }
    expect(jobs[0]?.steps[0]?.uses).toMatch(/^actions\/checkout@v\d+$/)
  })

  test('runs where the packages come from, on a Node that the package supports', () => {
    const [, major] = /^node:(\d+)-bookworm$/.exec(jobs[0]?.container ?? '') ?? []
    const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      engines: { node: string }
    }
    const [, least] = /^>=(\d+)/.exec(engines.node) ?? []
    expect(Number(major)).toBeGreaterThanOrEqual(Number(least))
  })

  test('installs what this repository installs for its own tests', () => {
    const installed = readFileSync(path.join(root, 'scripts/browsers.ts'), 'utf8')
    const packages = wordsAfter('apt-get install')
    expect(packages).toEqual(['firefox-esr', 'chromium', 'dbus', 'libnotify4'])
    for (const name of packages) expect(installed).toContain(`'${name}'`)
  })

  test('runs tests that are there', () => {
    for (const file of wordsAfter('node --test')) {
      expect(existsSync(path.join(example, file))).toBe(true)
    }
    const [run, name] = wordsAfter('npx vitest')
    expect(run).toBe('run')
    expect(existsSync(path.join(example, `${name}.test.js`))).toBe(true)
  })

  test('is what the README beside it speaks of, with the packages that the tests import', () => {
    const readme = readFileSync(path.join(example, 'README.md'), 'utf8')
    expect(readme).toContain('(push-tests.yml)')
    const installed = [...readme.matchAll(/^npm install --save-dev (.*)$/gm)].join(' ')
    for (const file of ['push.browser.test.js', 'sw.vitest.test.js', 'sw.node.test.js']) {
      const code = readFileSync(path.join(example, file), 'utf8')
      const imported = [...code.matchAll(/ from '(?!node:)([^'/]+)/g)].map(([, name]) => name)
      for (const name of imported) expect(installed).toContain(name)
    }
  })
})
