/** What is given for a request: a `Request`, or its URL. */
type RequestInfo = Request | URL | string

/** The part of `Cache` that workers use; `Vary` and the matching options but one are left out. */
export interface FakeCache {
  match(request: RequestInfo, options?: CacheMatch): Promise<Response | undefined>
  put(request: RequestInfo, response: Response): Promise<undefined>
  add(request: RequestInfo): Promise<undefined>
  addAll(requests: readonly RequestInfo[]): Promise<undefined>
  delete(request: RequestInfo, options?: CacheMatch): Promise<boolean>
  keys(): Promise<Request[]>
}

interface CacheMatch {
  readonly ignoreSearch?: boolean
}

/** `caches`, kept in memory. */
export interface FakeCacheStorage {
  open(name: string): Promise<FakeCache>
  has(name: string): Promise<boolean>
  delete(name: string): Promise<boolean>
  keys(): Promise<string[]>
  match(request: RequestInfo, options?: CacheMatch): Promise<Response | undefined>
}

/** Makes an empty cache storage. */
export function createCacheStorage(
  baseUrl: string,
  fetch: (request: Request) => Promise<Response>,
): FakeCacheStorage {
  const caches = new Map<string, FakeCache>()
  return {
    async open(name) {
      const cache = caches.get(name) ?? createCache(baseUrl, fetch)
      caches.set(name, cache)
      return cache
    },
    has: async (name) => caches.has(name),
    delete: async (name) => caches.delete(name),
    keys: async () => [...caches.keys()],
    async match(request, options) {
      for (const cache of caches.values()) {
        const found = await cache.match(request, options)
        if (found) return found
      }
      return undefined
    },
  }
}

function createCache(baseUrl: string, fetch: (request: Request) => Promise<Response>): FakeCache {
  let entries: readonly { request: Request; response: Response }[] = []
  const requestOf = (given: RequestInfo) =>
    given instanceof Request ? given : new Request(new URL(given, baseUrl))
  const finder = (given: RequestInfo, { ignoreSearch = false }: CacheMatch = {}) => {
    const wanted = addressOf(requestOf(given).url, ignoreSearch)
    return ({ request }: { request: Request }) => addressOf(request.url, ignoreSearch) === wanted
  }
  const put: FakeCache['put'] = async (given, response) => {
    const request = requestOf(given)
    if (request.method !== 'GET') throw new TypeError('put: only GET requests can be cached.')
    const same = finder(request)
    entries = [...entries.filter((entry) => !same(entry)), { request, response: response.clone() }]
    return undefined
  }
  const add: FakeCache['add'] = async (given) => {
    const request = requestOf(given)
    const response = await fetch(request)
    if (!response.ok) throw new TypeError('add: the request failed.')
    return put(request, response)
  }
  return {
    put,
    add,
    match: async (given, options) => entries.find(finder(given, options))?.response.clone(),
    async addAll(requests) {
      await Promise.all(requests.map(add))
    },
    async delete(given, options) {
      const kept = entries.filter((entry) => !finder(given, options)(entry))
      const found = kept.length < entries.length
      entries = kept
      return found
    },
    keys: async () => entries.map(({ request }) => request),
  }
}

function addressOf(url: string, ignoreSearch: boolean): string {
  const address = new URL(url)
  address.hash = ''
  if (ignoreSearch) address.search = ''
  return address.href
}
