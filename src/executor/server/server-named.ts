import { compose } from './compose.js'
import { embedded } from './embedded.js'
import type { Server } from './server.js'
import { url } from './url.js'

/**
 * Returns the server that a word names: `embedded`, `compose`, `url` (`DATABASE_URL` or the `PG*`
 * variables), or a `postgres://…` address.
 */
export function serverNamed(word: string): Server {
  if (word === 'embedded') return embedded()
  if (word === 'compose') return compose()
  if (word === 'url') return url()
  if (/^postgres(ql)?:\/\//.test(word)) return url(word)
  throw new TypeError(
    `Expected \`server\` to be embedded, compose, url or a postgres:// address, got ${JSON.stringify(word)}`,
  )
}
