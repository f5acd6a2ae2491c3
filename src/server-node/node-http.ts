import type * as http from 'node:http'

/**
 * Gives `node:http`. An import of it would have Node look at all that it exports, and so load its
 * whole `fetch`, whether or not anybody sends over plain HTTP or HTTP/1.1.
 */
export function nodeHttp(): typeof http {
  return process.getBuiltinModule('node:http')
}
