import { expect, test } from 'vitest'
import { type Aside, workThrough } from '../../src/server/work-through.ts'

const options = { concurrency: 3, mostAside: 100, signal: undefined }

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('what comes back from aside keeps to the room, and goes before what is read', async () => {
  let underWay = 0
  let most = 0
  const order: string[] = []
  let comeBack = (): void => {}
  const returned = new Promise<void>((resolve) => {
    comeBack = resolve
  })
  async function work(item: number, aside: Aside): Promise<number> {
    if (item < 50) {
      expect(aside.begin()).toBe(true)
      if (item === 49) comeBack()
      await returned
      await aside.end()
    }
    order.push(item < 50 ? 'returned' : 'read')
    most = Math.max(most, (underWay += 1))
    await nextTurn()
    underWay -= 1
    return item
  }
  const items = Array.from({ length: 60 }, (_, index) => index)
  const results: number[] = []
  for await (const result of workThrough(items, work, options)) results.push(result)
  expect(results.sort((one, other) => one - other)).toEqual(items)
  expect(most).toBe(3)
  expect(order.slice(5, 50)).toEqual(Array(45).fill('returned'))
})

test('nothing is read once the signal is aborted or work has failed', async () => {
  for (const stop of ['abort', 'throw'] as const) {
    const controller = new AbortController()
    let read = 0
    function* endless() {
      for (;;) yield read++
    }
    async function work(item: number): Promise<number> {
      await nextTurn()
      if (item < 3) return item
      if (stop === 'throw') throw new Error('enough')
      controller.abort(new Error('enough'))
      return item
    }
    const { signal } = controller
    const results: number[] = []
    const working = async (): Promise<void> => {
      for await (const result of workThrough(endless(), work, { ...options, signal })) {
        results.push(result)
      }
    }
    await expect(working()).rejects.toThrow('enough')
    expect(results.slice(0, 3)).toEqual([0, 1, 2])
    expect(read).toBeLessThanOrEqual(9)
  }
})
