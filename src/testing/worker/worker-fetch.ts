import { PushwellError } from '../../shared/errors.ts'

/** Answers the worker's requests, whose URLs are absolute. Node's own `fetch` will do. */
export type WorkerFetch = (request: Request) => Response | Promise<Response>

/** The worker's `Request`, which knows where relative URLs start from. */
export type WorkerRequestClass = new (input: Request | URL | string, init?: RequestInit) => Request

/** The worker's side of its requests. */
export interface WorkerFetching {
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>
  readonly Request: WorkerRequestClass
}

/** Makes the worker's `fetch` and `Request`. */
export function createWorkerFetch(
  baseUrl: string,
  answer: WorkerFetch | undefined,
): WorkerFetching {
  const WorkerRequest: WorkerRequestClass = class extends Request {
    constructor(input: Request | URL | string, init?: RequestInit) {
      super(input instanceof Request ? input : new URL(input, baseUrl), init)
    }
  }
  Object.defineProperty(WorkerRequest, 'name', { value: 'Request' })
  const fetch = async (input: Request | URL | string, init?: RequestInit): Promise<Response> => {
    const request = new WorkerRequest(input, init)
    if (!answer) {
      const { origin, pathname } = new URL(request.url)
      throw new PushwellError(
        'worker-failed',
        `The worker fetched ${origin}${pathname}, and nothing answers: give loadWorker a fetch option.`,
      )
    }
    request.signal.throwIfAborted()
    return answer(request)
  }
  return { fetch, Request: WorkerRequest }
}
