import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './run-node.ts'

interface Budget {
  readonly path: string
  readonly import?: string
  readonly limit: string
}

const budgets = JSON.parse(
  readFileSync(path.join(root, '.size-limit.json'), 'utf8'),
) as readonly Budget[]

/** What a limit comes to in bytes, counted as size-limit counts. */
function bytes(limit: string): number {
  const { amount, unit } = /^(?<amount>[\d.]+) (?<unit>k?B)$/.exec(limit)?.groups ?? {}
  return Number(amount) * (unit === 'kB' ? 1000 : 1)
}

/** What a page or a worker loads, and the most that it may ever weigh. */
test.each([
  ['dist/pushwell.global.js', 'all', 12_700],
  ['dist/pushwell-sw.global.js', 'all', 17_700],
  ['dist/pushwell.js', '{ createPushClient }', 11_700],
  ['dist/pushwell.js', '{ createSubscriptionClient }', 6100],
  ['dist/sw.js', '{ createPushWorker }', 11_800],
  ['dist/sw-basic.js', '{ createBasicPushWorker }', 1500],
  ['dist/pushwell-sw-basic.global.js', 'all', 1600],
  ['dist/messages.js', '{ defineMessages, message }', 600],
])('%s (%s) has a budget of no more than %d bytes', (file, imported, most) => {
  const found = budgets.find(
    (budget) => budget.path === file && (budget.import ?? 'all') === imported,
  )
  expect(bytes(found?.limit ?? '')).toBeLessThanOrEqual(most)
})
