import { once } from 'node:events'

/** Drives the service workers of a Chromium, and nothing else of it. */
export interface ChromiumWorkers extends AsyncDisposable {
  /** Hands a push to the worker with this scope, as the push service would. */
  push(scope: string, data: string): Promise<void>
  /** Ends the worker with this scope; resolves once it is gone. */
  stop(scope: string): Promise<void>
}

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

interface Version {
  readonly versionId: string
  readonly registrationId: string
  readonly runningStatus: string
  readonly status: string
}

/**
 * Connects to a Chromium (DevTools protocol), to a page of the origin. Nothing else may be connected
 * to it: whoever attaches to a worker delays its start.
 *
 * @param endpoint - Where it listens for debuggers: `ws://…`.
 */
export async function connectWorkers(endpoint: string, origin: string): Promise<ChromiumWorkers> {
  const socket = new WebSocket(endpoint)
  await once(socket, 'open')
  const answers = new Map<number, (answer: Answer) => void>()
  const registrations = new Map<string, string>()
  const versions = new Map<string, Version>()
  const changes = new EventTarget()
  let last = 0
  let sessionId: unknown
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    if (answer.id !== undefined) return answers.get(answer.id)?.(answer)
    const { registrations: found = [], versions: changed = [] } = (answer.params ?? {}) as {
      registrations?: { scopeURL: string; registrationId: string }[]
      versions?: Version[]
    }
    for (const { scopeURL, registrationId } of found) registrations.set(scopeURL, registrationId)
    for (const version of changed) versions.set(version.registrationId, version)
    changes.dispatchEvent(new Event('change'))
  })
  const call = async (method: string, params: object = {}) => {
    const id = ++last
    const answering = new Promise<Answer>((resolve) => answers.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params, sessionId }))
    const { result, error } = await answering
    answers.delete(id)
    if (error) throw new Error(`${method}: ${error.message}`)
    return result ?? {}
  }
  const until = async <Value>(find: () => Value | undefined): Promise<Value> => {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      await once(changes, 'change', { signal: AbortSignal.timeout(10_000) })
    }
  }
  const registrationOf = (scope: string) => until(() => registrations.get(scope))
  const { targetInfos } = (await call('Target.getTargets')) as {
    targetInfos: { targetId: string; type: string; url: string }[]
  }
  const page = targetInfos.find(({ type, url }) => type === 'page' && url.startsWith(origin))
  const attached = await call('Target.attachToTarget', { targetId: page?.targetId, flatten: true })
  sessionId = attached['sessionId']
  await call('ServiceWorker.enable')
  return {
    async push(scope, data) {
      const registrationId = await registrationOf(scope)
      await call('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
    },
    async stop(scope) {
      const registrationId = await registrationOf(scope)
      const { versionId } = await until(() => versions.get(registrationId))
      await call('ServiceWorker.stopWorker', { versionId })
      await until(() => versions.get(registrationId)?.runningStatus === 'stopped' || undefined)
    },
    async [Symbol.asyncDispose]() {
      socket.close()
      if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close')
    },
  }
}
