const push = Pushwell.createPushClient({
  applicationServerKey: async () => (await (await fetch('/push/key')).json()).applicationServerKey,
  serviceWorker: '/sw.js',
  sync: { url: '/push' },
})

const element = (id) => document.getElementById(id)
const say = (text) => (element('report').textContent = text)

function render() {
  const { status, sync, reason } = push.state
  element('status').textContent = reason ? `${status} (${reason})` : status
  element('sync').textContent = sync ? `The backend: ${sync}.` : ''
  element('enable').disabled = !['prompt', 'unsubscribed'].includes(status)
  element('send').disabled = element('disable').disabled = status !== 'subscribed'
}

/** Runs a button's work and shows what it threw. */
const onClick = (id, work) =>
  element(id).addEventListener('click', () => {
    say('')
    work().catch((error) => say(`${error.code ?? error.name}: ${error.message}`))
  })

onClick('enable', async () => {
  const result = await push.enable()
  if (!result.ok) say(`Not enabled: ${result.reason}. What helps: ${result.remedy}.`)
})

onClick('send', async () => {
  const response = await fetch('/orders/42/ship', { method: 'POST' })
  const { error, devices, outcomes, reasons } = await response.json()
  if (error) throw new Error(error)
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  say(`Sent to ${devices} device(s): ${[...counts, ...reasons].join(', ')}.`)
})

onClick('disable', () => push.disable())

onClick('sign-in', async () => {
  const user = element('user').value
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ user })
  const response = await fetch('/session', { method: 'POST', headers, body })
  if (!response.ok) throw new Error((await response.json()).error)
  await push.identify(user)
})

onClick('sign-out', async () => {
  // What the user decided counts here at once, whatever becomes of the request.
  await Promise.all([push.forget(), fetch('/session', { method: 'DELETE' })])
})

push.onMessage('order.shipped', ({ data }) => {
  element('news').textContent = `Order ${data.orderId} has shipped.`
})

push.onChange(render)
push.prepare().catch((error) => say(`${error.code ?? error.name}: ${error.message}`))
