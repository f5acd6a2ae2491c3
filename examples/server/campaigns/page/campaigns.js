const outcomes = ['accepted', 'retry', 'gone', 'rejected', 'failed', 'expired']
const words = { retry: 'to be tried again' }

const element = (id) => document.getElementById(id)
const number = new Intl.NumberFormat('en')
const time = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

/** Of each campaign, how many messages were accepted by when, since this page looks on. */
const samples = new Map()

function show(campaigns) {
  element('none').hidden = campaigns.length > 0
  const list = element('campaigns')
  for (const [place, campaign] of campaigns.entries()) {
    const id = `campaign-${campaign.id}`
    const article = element(id) ?? newArticle(id, campaign)
    // Only when it is not there already: what is moved loses the focus.
    if (list.children[place] !== article) list.insertBefore(article, list.children[place] ?? null)
    update(article, campaign)
  }
  while (list.children.length > campaigns.length) list.lastElementChild.remove()
}

function newArticle(id, campaign) {
  const article = element('campaign').content.firstElementChild.cloneNode(true)
  article.id = id
  article.querySelector('h3').textContent = campaign.request.notification.title
  article
    .querySelector('.cancel')
    .setAttribute('aria-label', `Cancel ${campaign.request.notification.title}`)
  article.querySelector('.cancel').addEventListener('click', () => {
    fetch(`/campaigns/${campaign.id}/cancel`, { method: 'POST' }).catch(say)
  })
  for (const outcome of outcomes) {
    const part = document.createElement('span')
    const entry = document.createElement('li')
    part.style.background = `var(--${outcome})`
    entry.style.setProperty('--colour', `var(--${outcome})`)
    part.dataset.outcome = entry.dataset.outcome = outcome
    article.querySelector('.bar').append(part)
    article.querySelector('.legend').append(entry)
  }
  return article
}

function update(article, campaign) {
  const { state, outcomes: counts, planned, batches, batchesDone } = campaign
  article.dataset.state = state
  article.querySelector('.state').textContent = state
  article.querySelector('.cancel').hidden = state === 'done' || state === 'cancelled'
  const settled = outcomes.reduce((sum, one) => sum + (one === 'retry' ? 0 : counts[one]), 0)
  article.querySelector('.facts').textContent = [
    `For ${audienceOf(campaign.request.audience)}`,
    `${number.format(settled)} of ${number.format(planned)}`,
    `${number.format(batchesDone)} of ${number.format(batches)} batches`,
    time.format(campaign.createdAt),
  ].join(' · ')
  const bar = article.querySelector('.bar')
  for (const outcome of outcomes) {
    const share = planned === 0 ? 0 : (100 * counts[outcome]) / planned
    bar.querySelector(`[data-outcome=${outcome}]`).style.flex = `0 0 ${share}%`
    const entry = article.querySelector(`li[data-outcome=${outcome}]`)
    entry.textContent = `${number.format(counts[outcome])} ${words[outcome] ?? outcome}`
    entry.hidden = counts[outcome] === 0 && outcome !== 'accepted'
  }
  const percent = planned === 0 ? 0 : Math.floor((100 * settled) / planned)
  bar.setAttribute('aria-label', `${percent} % of ${number.format(planned)} subscriptions`)
  const receipts = Object.entries(campaign.receipts)
  article.querySelector('.receipts').textContent =
    receipts.length === 0
      ? ''
      : `Devices say: ${receipts.map(([event, count]) => `${number.format(count)} ${event}`).join(', ')}`
  showRate(article, campaign)
}

function audienceOf({ tag, recipient }) {
  if (tag !== undefined) return `the tag “${tag}”`
  return recipient === undefined ? 'everybody' : recipient
}

function showRate(article, { id, outcomes: { accepted }, createdAt, finishedAt }) {
  const seen = samples.get(id) ?? []
  samples.set(id, seen)
  if (finishedAt === null || seen.length > 0) {
    const last = seen.at(-1)
    if (last?.accepted !== accepted || finishedAt === null) seen.push({ at: Date.now(), accepted })
  }
  if (seen.length > 600) seen.shift()
  const rates = seen.slice(1).map((sample, index) => {
    const before = seen[index]
    return (1000 * (sample.accepted - before.accepted)) / Math.max(1, sample.at - before.at)
  })
  const seconds = ((finishedAt ?? Date.now()) - createdAt) / 1000
  const average = seconds > 0 ? accepted / seconds : 0
  article.querySelector('.rate').textContent =
    `${number.format(Math.round(average))} accepted a second on average` +
    (finishedAt === null && rates.length > 0
      ? `, ${number.format(Math.round(rates.at(-1)))} now`
      : '')
  const highest = Math.max(1, ...rates)
  const points = rates.map((rate, index) => {
    const across = rates.length === 1 ? 600 : (600 * index) / (rates.length - 1)
    return `${across.toFixed(1)},${(58 - (56 * rate) / highest).toFixed(1)}`
  })
  article.querySelector('figure').hidden = accepted === 0
  article.querySelector('.chart').style.display = points.length > 1 ? '' : 'none'
  article.querySelector('.line').setAttribute('d', points.length ? `M${points.join('L')}` : '')
  article
    .querySelector('.area')
    .setAttribute('d', points.length ? `M0,60L${points.join('L')}L600,60Z` : '')
}

const say = (text) => (element('report').textContent = String(text))

const form = element('new')
form.elements.audience.addEventListener('change', () => {
  element('name').hidden = form.elements.audience.value === 'all'
  form.elements.name.required = form.elements.audience.value !== 'all'
})

/** The same for the same form, so that a second click, or a try after a failure, sends nothing twice. */
let key = crypto.randomUUID()
form.addEventListener('input', () => (key = crypto.randomUUID()))

form.addEventListener('submit', (event) => {
  event.preventDefault()
  sendCampaign().then(say, say)
})

async function sendCampaign() {
  const { audience, name, title, body, navigate } = form.elements
  const kind = audience.value
  const campaign = {
    audience: { [kind]: kind === 'all' ? true : name.value },
    notification: {
      title: title.value,
      ...(body.value && { body: body.value }),
      navigate: navigate.value || '/',
    },
  }
  const response = await fetch('/campaigns', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(campaign),
  })
  const { error } = await response.json()
  if (error) return error
  return response.status === 201 ? 'On its way.' : 'It was sent before: change something first.'
}

const events = new EventSource('/campaigns/events')
events.addEventListener('open', () => (element('connection').textContent = 'Live'))
events.addEventListener('error', () => (element('connection').textContent = 'Connecting again …'))
events.addEventListener('message', ({ data }) => show(JSON.parse(data)))
