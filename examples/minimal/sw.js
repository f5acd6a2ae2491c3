importScripts('/pushwell-sw.global.js')

PushwellWorker.createPushWorker({ fallback: { title: 'Pushwell by hand' } }).on('order.shipped', {
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
