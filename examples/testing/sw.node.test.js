import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadWorker } from 'pushwell/testing'

const script = new URL('sw.js', import.meta.url)

for (const engine of ['chromium', 'firefox', 'webkit']) {
  await test(`in ${engine} a push shows one notification, and a click opens its page`, async () => {
    const worker = await loadWorker(script, { engine })
    const { shown, silent } = await worker.push({ title: 'Order shipped', url: '/orders/1' })
    assert.equal(silent, false)
    assert.deepEqual(
      shown.map(({ title, data }) => ({ title, data })),
      [{ title: 'Order shipped', data: { url: '/orders/1' } }],
    )
    const { opened } = await worker.click(shown[0])
    assert.deepEqual(opened, ['https://app.example/orders/1'])
    await worker.dispose()
  })

  await test(`in ${engine} no push is silent`, async () => {
    const worker = await loadWorker(script, { engine })
    for (const payload of [undefined, '', 'text', 'null', '[]', new Uint8Array([255])]) {
      const { penalty, failed } = await worker.push(payload)
      assert.deepEqual({ penalty, failed }, { penalty: 'none', failed: undefined })
    }
    assert.equal(worker.history.length, 6)
    assert.deepEqual(worker.errors, [])
    await worker.dispose()
  })
}
