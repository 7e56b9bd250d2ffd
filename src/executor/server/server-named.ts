import { compose } from './compose.js'
import { embedded } from './embedded.js'
import type { Server } from './server.js'
import { url } from './url.js'

/** What names a server: a word, or a `postgres://…` address. */
export type ServerName = 'embedded' | 'compose' | 'url' | (string & {})

/**
 * Returns the server that a word names: `embedded`, `compose`, `url` (`DATABASE_URL` or the `PG*`
 * variables), or a `postgres://…` address.
 *
 * @throws `TypeError` for any other word, naming those there are.
 */
export function serverNamed(word: ServerName): Server {
  if (word === 'embedded') return embedded()
  if (word === 'compose') return compose()
  if (word === 'url') return url()
  if (/^postgres(ql)?:\/\//.test(word)) return url(word)
  throw new TypeError(
    `Expected \`server\` to be embedded, compose, url or a postgres:// address, got ${JSON.stringify(word)}`,
  )
}

/**
 * A server, or the one that a word names; the embedded one where nothing is given.
 *
 * @throws `TypeError` for what is neither.
 */
export function serverOf(given: Server | ServerName = 'embedded'): Server {
  if (typeof given === 'string') return serverNamed(given)
  if (typeof given === 'object' && typeof given?.use === 'function') return given
  throw new TypeError(
    `Expected \`server\` to be one such as embedded(), or embedded, compose, url or a postgres:// address, got ${JSON.stringify(given) ?? typeof given}`,
  )
}
