import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { acceptPush, refuseMethod } from './accept-push.ts'
import type { AcceptPushOptions, PushOutcome } from './accept-push.ts'
import type { AnswerLog, ServiceAnswer } from './answer-log.ts'
import { refuse } from './refusal.ts'
import type { Answer } from './refusal.ts'
import type { ServiceFaults } from './service-faults.ts'
import { answerFault, answerRefusal } from './service-manner.ts'
import { writeAnswer } from './write-answer.ts'

/** What the senders' side of the service works on. */
export interface SenderHandlerOptions extends AcceptPushOptions {
  readonly faults: ServiceFaults
  readonly log: AnswerLog
}

/** As Mozilla's service answers: any page may send. */
const cors: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'location, ttl, retry-after, www-authenticate',
}

const preflight: Answer = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'POST, DELETE',
    'access-control-allow-headers':
      'authorization, content-encoding, content-type, crypto-key, encryption, prefer, topic, ttl, urgency',
    'access-control-max-age': '3600',
  },
  body: '',
}

/** An answer, and what the log says about it. */
interface Reply {
  /** `null`: the connection is to be dropped. */
  readonly answer: Answer | null
  readonly log: Pick<ServiceAnswer, 'reason' | 'messageId' | 'isFault'>
  /** Called when the sender was not told. */
  readonly release?: () => void
}

/** Makes the HTTP side of the service, as RFC 8030 has it for application servers. */
export function createSenderHandler(options: SenderHandlerOptions): RequestListener {
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    serve(request, response, path, options).catch(() => {
      // The request broke off, or the service has a fault: either way the others are served.
      const refusal = refuse('service-failed', 'The service failed on this request.')
      write(request, response, answerRefusal(options.manner, refusal, false))
    })
  }
}

function write(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  writeAnswer(request, response, { ...answer, headers: { ...cors, ...answer.headers } })
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  options: SenderHandlerOptions,
): Promise<void> {
  if (request.method === 'OPTIONS') return write(request, response, preflight)
  if (path.startsWith('/m/')) {
    return write(request, response, answerMessage(request, path.slice('/m/'.length), options))
  }
  const isPush = request.method === 'POST'
  const endpoint = options.registry.find(path.slice(path.lastIndexOf('/') + 1))?.endpoint ?? null
  const delayMs = (isPush && options.faults.delays.take()) || 0
  const { answer, log, release } = await reply(request, path, options)
  if (delayMs > 0) await wait(response, delayMs)
  const status = response.destroyed ? null : (answer?.status ?? null)
  if (answer) write(request, response, answer)
  else request.socket.destroy()
  if (status === null) release?.()
  if (isPush) options.log.add({ endpoint, status, ...log, delayMs, at: options.now() })
}

async function reply(
  request: IncomingMessage,
  path: string,
  options: SenderHandlerOptions,
): Promise<Reply> {
  const { faults, manner, usedKeys } = options
  const fault = request.method === 'POST' ? faults.answers.take() : null
  if (fault) {
    const reason = 'The test asked for this answer.'
    const answer = fault.type === 'drop' ? null : answerFault(manner, fault)
    return { answer, log: { isFault: true, reason } }
  }
  const outcome = await acceptPush(request, path, options)
  if (outcome.ok) return accepted(request, outcome, options)
  const reason = outcome.refusal.message
  const answer = answerRefusal(manner, outcome.refusal, usedKeys !== null)
  return { answer, log: { isFault: false, reason } }
}

function accepted(
  request: IncomingMessage,
  { id, ttl, subscription, release }: Extract<PushOutcome, { ok: true }>,
  { manner, delivery, host }: SenderHandlerOptions,
): Reply {
  const scheme = request.socket instanceof TLSSocket ? 'https' : 'http'
  const location = `${scheme}://${host}/m/${id}`
  const isConnected = delivery.isConnected(subscription.device)
  return {
    answer: manner.accept({ id, ttl, location, isConnected }),
    log: { isFault: false, messageId: id },
    release,
  }
}

function answerMessage(
  { method }: IncomingMessage,
  id: string,
  { delivery, manner, usedKeys }: SenderHandlerOptions,
): Answer {
  const isExplained = usedKeys !== null
  if (method !== 'DELETE') return answerRefusal(manner, refuseMethod('DELETE'), isExplained)
  if (delivery.cancel(id)) return { status: 204, headers: {}, body: '' }
  const reason = 'There is no such message: it was delivered, has expired or never was.'
  return answerRefusal(manner, refuse('no-message', reason), isExplained)
}

/** Ends early when the connection does: nobody waits for the answer then. */
function wait(response: ServerResponse, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs)
    response.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
