// A service worker written by hand: it uses nothing of Pushwell.

self.addEventListener('push', (event) => {
  event.waitUntil(showPush(event.data))
})

async function showPush(data) {
  const { title = 'Acme', body = 'You have news.', url = '/', tag } = read(data)
  await self.registration.showNotification(title, {
    body,
    tag,
    icon: '/icon.png',
    data: { url },
    actions: [{ action: 'later', title: 'Later' }],
  })
}

// Whatever arrives, something must be shown: browsers punish silent pushes.
function read(data) {
  try {
    return JSON.parse(new TextDecoder().decode(data.arrayBuffer())) ?? {}
  } catch {
    return {}
  }
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  if (event.action === 'later') return
  event.waitUntil(goTo(new URL(event.notification.data.url, self.location.origin).href))
})

async function goTo(url) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const there = windows.find((client) => client.url === url)
  await (there ? there.focus() : self.clients.openWindow(url))
}

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(renew(event.oldSubscription))
})

async function renew(oldSubscription) {
  const applicationServerKey = await (await fetch('/push/key')).text()
  const subscription = await self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey,
  })
  await fetch('/push/subscriptions', {
    method: 'POST',
    body: JSON.stringify({ subscription, replaces: oldSubscription?.endpoint }),
  })
}
