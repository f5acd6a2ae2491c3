import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { rangeError } from '../../shared/errors.ts'
import { attachAutopush } from './attach-autopush.ts'
import { createChromiumHandler } from './chromium/chromium-handler.ts'
import { attachConnectProxy } from './chromium/connect-proxy.ts'
import { canonicalPath, chromiumOrigins } from './chromium/endpoint.ts'
import { serveMcs } from './chromium/mcs-connection.ts'
import { mcsVersion } from './chromium/mcs-frame.ts'
import { findManner } from './find-manner.ts'
import { openJournalFile } from './journal-file.ts'
import { createPushServiceFace } from './push-service-face.ts'
import type { PushService, PushServiceOptions } from './push-service.ts'
import { limitRequestTime } from './request-deadline.ts'
import { createSenderHandler } from './sender-handler.ts'
import { createServiceCertificate } from './service-certificate.ts'
import type { ServiceCertificate } from './service-certificate.ts'
import { openServiceFolder } from './service-folder.ts'
import type { ServiceManner } from './service-manner.ts'
import { createServiceState } from './service-state.ts'
import type { ServiceState } from './service-state.ts'
import { openSharedPort } from './shared-port.ts'
import type { SharedPort } from './shared-port.ts'
import { createUsedKeys } from './used-keys.ts'
import type { UsedKeys } from './used-keys.ts'

const maxHeaderOctets = 16 * 1024
const maxUsedKeys = 100_000

/**
 * What `startPushService` does once the packages that it needs are known to be there.
 *
 * @throws RangeError, PushwellError and the error of `listen`, as `startPushService` says.
 */
export async function openPushService({
  port = 0,
  folder,
  strict = false,
  manner = 'mozilla',
  timeoutMs = 30_000,
  now = Date.now,
  random = Math.random,
}: PushServiceOptions = {}): Promise<PushService> {
  checkNumbers(port, timeoutMs)
  const form = {
    manner: findManner(manner),
    usedKeys: strict ? createUsedKeys(maxUsedKeys) : null,
  }
  const place = folder === undefined ? null : openServiceFolder(folder)
  const certificate = place?.identity?.certificate ?? (await createCertificate())
  const http = createHttpServer()
  let take: (connection: Duplex, firstOctet: number) => void = (connection) => connection.destroy()
  const shared = await openSharedPort({
    port: port === 0 ? (place?.identity?.port ?? 0) : port,
    certificate,
    timeoutMs,
    serve: (connection, firstOctet) => take(connection, firstOctet),
  })
  // Nothing is read before the port is ours: it keeps a second service out of the folder.
  const state = await openState(shared, () => {
    place?.saveIdentity({ port: shared.port, certificate })
    return createServiceState({ now, random, file: place && openJournalFile(place.journalPath) })
  })
  serveAll(http, { state, shared, now, timeoutMs, ...form })
  take = (connection, firstOctet) => {
    if (firstOctet === mcsVersion) serveMcs(connection, { ...state, now, timeoutMs })
    else http.emit('connection', connection)
  }
  const close = () => shared.close().finally(() => state.journal?.close())
  return createPushServiceFace(state, { port: shared.port, certificate, close })
}

function checkNumbers(port: number, timeoutMs: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw rangeError('invalid-argument', 'port must be a whole number from 0 to 65535.')
  }
  if (!(timeoutMs >= 1 && timeoutMs < 2 ** 31)) {
    throw rangeError('invalid-argument', 'timeoutMs must be a number of milliseconds, at least 1.')
  }
}

function createCertificate(): Promise<ServiceCertificate> {
  return createServiceCertificate(chromiumOrigins.map((origin) => new URL(origin).hostname))
}

async function openState(shared: SharedPort, open: () => ServiceState): Promise<ServiceState> {
  try {
    return open()
  } catch (error) {
    await shared.close()
    throw error
  }
}

interface Parts {
  readonly state: ServiceState
  readonly shared: SharedPort
  readonly now: () => number
  readonly timeoutMs: number
  readonly manner: ServiceManner
  readonly usedKeys: UsedKeys | null
}

function serveAll(http: Server, { state, shared, now, timeoutMs, ...form }: Parts): void {
  const host = `localhost:${shared.port}`
  const newId = () => crypto.randomUUID()
  const isKept = () => state.journal?.isWhole ?? true
  const toSenders = createSenderHandler({ ...state, ...form, host, now, newId, isKept })
  limitRequestTime(http, timeoutMs)
  http.on('request', withChromium(createChromiumHandler({ ...state, now }), toSenders))
  attachAutopush(http, { ...state, host, timeoutMs })
  attachConnectProxy(http, { port: shared.port, serve: (socket) => shared.take(socket) })
}

/** Chromium's requests go to their own handler; its endpoints have one form from there on. */
function withChromium(
  toChromium: ReturnType<typeof createChromiumHandler>,
  toSenders: RequestListener,
): RequestListener {
  return (request, response) => {
    if (toChromium(request, response)) return
    request.url = canonicalPath(request.url ?? '')
    toSenders(request, response)
  }
}

function createHttpServer(): Server {
  const http = createServer({
    maxHeaderSize: maxHeaderOctets,
    // Java's client offers `Upgrade: h2c` with each request: only a WebSocket is an upgrade here.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  })
  // An answer may be held back for as long as a test likes: requests have a limit of their own.
  http.timeout = 0
  return http
}
