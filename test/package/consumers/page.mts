import { createPushClient, isPushwellError, type PushClient, type PushState } from 'pushwell'

const push: PushClient = createPushClient({
  applicationServerKey: () => fetch('/push/key').then((response) => response.text()),
  serviceWorker: '/sw.js',
  sync: { url: '/push' },
})

/** What a page says about notifications. */
export function label(state: PushState): string {
  if (state.status === 'subscribed') return state.sync
  if (state.status === 'unsupported') return state.reason
  // @ts-expect-error There is no such status.
  if (state.status === 'subscribing') return 'Wait'
  return state.status
}

export async function enable(): Promise<string> {
  try {
    const result = await push.enable()
    // @ts-expect-error The reason is only there when it did not work.
    if (result.ok) return result.reason
    return `${result.reason}: ${result.remedy}`
  } catch (error) {
    return isPushwellError(error) ? error.code : 'unknown'
  }
}

export const undo: () => void = push.onChange(() => label(push.state))

export const withRegistration: PushClient = createPushClient({
  applicationServerKey: new Uint8Array(65),
  serviceWorker: await navigator.serviceWorker.ready,
  sync: false,
})

// @ts-expect-error The worker is missing.
export const withoutWorker = createPushClient({ applicationServerKey: 'B', sync: false })

export const misspelt: PushClient = createPushClient({
  // @ts-expect-error There is no such option.
  applicationServerkey: 'B',
  serviceWorker: '/sw.js',
  sync: false,
})
