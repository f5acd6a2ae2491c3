importScripts('/pushwell-sw.global.js')

// The page says so. An app asks its users first, and then calls `push.allowReceipts(true)`.
const receipts = PushwellWorker.receipts({ consent: () => true })

PushwellWorker.createPushWorker({
  fallback: { title: 'Pushwell by hand' },
  parts: [receipts],
}).on('order.shipped', {
  notification: ({ data: { orderId, eta } }) => {
    const navigate = `/orders/${encodeURIComponent(orderId)}`
    return {
      title: `Order ${orderId} is on its way`,
      body: `It arrives ${eta}.`,
      tag: `order-${orderId}`,
      navigate,
      actions: [{ action: 'track', title: 'Track', navigate: `${navigate}?track` }],
    }
  },
})
