import type { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import type { Socket } from 'node:net'
import { callbackify } from 'node:util'
import { createOriginSlots } from '../server/origin-slots.ts'
import type { PushRequest, PushResponse } from '../server/push-transport.ts'
import { untilAborted } from '../server/until-aborted.ts'
import { nodeHttp } from './node-http.ts'
import { type ConnectionOptions, openConnection } from './open-connection.ts'
import { postOverHttp1 } from './post-over-http1.ts'
import { postOverHttp2 } from './post-over-http2.ts'
import { UnprocessedError } from './unprocessed-error.ts'
import { type Deadline, withinTime } from './within-time.ts'

/** What a session holds before the service has said what it takes (RFC 9113 §6.5.2 advises 100). */
const usualStreams = 100

/** Connections to one origin, whatever their protocol. */
const mostConnections = 32

/** A connection that nobody uses is closed after this. */
const idleMs = 60_000

/** The connections to one push service. */
export interface OriginConnections {
  /** @param url - The request's endpoint. */
  post(request: PushRequest, url: URL): Promise<PushResponse>
  /** Ends all of them, also one that is still being opened; no request may be under way or follow. */
  close(): void
}

interface Session {
  readonly http2: ClientHttp2Session
  streams: number
}

/**
 * Keeps the connections to one push service: one or more sessions of HTTP/2 where the service speaks
 * it, else connections of HTTP/1.1 that are used again. What nobody uses keeps no process alive.
 */
export function createOriginConnections(
  options: Omit<ConnectionOptions, 'protocols'>,
): OriginConnections {
  const sessions = new Set<Session>()
  const spare: Socket[] = []
  let opening: Promise<void> | undefined
  let agent: Agent | undefined
  let isClosed = false

  const openForHttp1 = callbackify(() => openConnection({ ...options, protocols: ['http/1.1'] }))

  const createAgent = (): Agent => {
    const settings = { keepAlive: true, maxSockets: mostConnections, timeout: idleMs }
    const isSecure = options.url.protocol === 'https:'
    const made = new (isSecure ? SecureAgent : nodeHttp().Agent)(settings)
    made.createConnection = (_, callback) => {
      const first = spare.pop()
      if (first && !first.destroyed) return first.ref()
      openForHttp1(callback ?? (() => {}))
      return undefined
    }
    return made
  }

  const keepSession = (socket: Socket): void => {
    const http2 = connectHttp2(options.url, { createConnection: () => socket })
    const session = { http2, streams: 0 }
    const drop = (): void => void sessions.delete(session)
    http2.once('goaway', drop)
    http2.once('close', drop)
    // Its streams tell of it.
    http2.on('error', drop)
    http2.setTimeout(idleMs, () => {
      if (session.streams > 0) return
      drop()
      http2.close()
    })
    http2.unref()
    sessions.add(session)
  }

  /** One at a time: what waits meanwhile may find room in the one that comes. */
  const open = (): Promise<void> => {
    opening ??= openConnection({ ...options, protocols: ['h2', 'http/1.1'] })
      .then((socket) => {
        if (isClosed) return void socket.destroy()
        if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') return keepSession(socket)
        agent ??= createAgent()
        // An agent listens to it only once it has it.
        socket.on('error', () => socket.destroy())
        spare.push(socket.unref())
        return undefined
      })
      .finally(() => {
        opening = undefined
      })
    return opening
  }

  const sessionWithRoom = (): Session | undefined => {
    let least: Session | undefined
    for (const session of sessions) {
      if (session.http2.closed || session.http2.destroyed) sessions.delete(session)
      else if (session.streams < (least?.streams ?? Infinity)) least = session
    }
    const room = least?.http2.remoteSettings?.maxConcurrentStreams ?? usualStreams
    return least && (least.streams < room || sessions.size >= mostConnections) ? least : undefined
  }

  const postOn = async (
    session: Session,
    request: PushRequest,
    url: URL,
    { signal, isOver }: Deadline,
  ): Promise<PushResponse> => {
    if (session.streams++ === 0) session.http2.ref()
    try {
      return await postOverHttp2(session.http2, request, url, signal)
    } finally {
      // A session that gave no answer in time may be dead: it gets nothing more to do.
      if (isOver()) {
        sessions.delete(session)
        session.http2.close()
      }
      if (--session.streams === 0 && !session.http2.destroyed) session.http2.unref()
    }
  }

  // An agent does not count connections that are still being opened.
  const slots = createOriginSlots(mostConnections)
  const postInTurn = async (
    used: Agent,
    request: PushRequest,
    url: URL,
    signal: AbortSignal,
  ): Promise<PushResponse> => {
    await slots.enter(options.url.origin, signal)
    try {
      return await postOverHttp1(used, request, url, signal)
    } finally {
      slots.leave(options.url.origin)
    }
  }

  const postOnce = async (
    request: PushRequest,
    url: URL,
    deadline: Deadline,
  ): Promise<PushResponse> => {
    for (;;) {
      if (agent) return postInTurn(agent, request, url, deadline.signal)
      const session = sessionWithRoom()
      if (session) return postOn(session, request, url, deadline)
      await untilAborted(open(), deadline.signal)
    }
  }

  return {
    post: (request, url) =>
      withinTime(request, async (deadline) => {
        for (let isSecond = false; ; isSecond = true) {
          try {
            return await postOnce(request, url, deadline)
          } catch (error) {
            if (!(error instanceof UnprocessedError)) throw error
            if (isSecond) throw error.cause
          }
        }
      }),
    close() {
      isClosed = true
      for (const { http2 } of sessions) http2.destroy()
      agent?.destroy()
      for (const socket of spare) socket.destroy()
    },
  }
}
