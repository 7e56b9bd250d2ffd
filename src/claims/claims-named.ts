import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { dataFolder, packageRoot, projectRoot } from '../project.js'
import type { Claims } from './claims.js'
import { readClaims } from './read-claims.js'

/** What names claims: `none`, or the path of a file. */
export type ClaimsName = 'none' | (string & {})

/**
 * The claims of a file at a path, seen from the project's folder; no claims for `none`. A
 * file in `data` that the project does not have is the one of that name that copylab ships:
 * `claims.json`, those of the working note, and `reasons-claims.json`, what is predicted when a
 * reason is taken away.
 *
 * @throws `RangeError` as `readClaims`.
 * @example
 * const { claims } = claimsNamed('data/claims.json')
 */
export function claimsNamed(name: ClaimsName): Claims {
  if (name === 'none') return { title: null, source: null, fixed: {}, claims: [], note: null, digest: null }
  const path = resolve(projectRoot, name)
  const shipped = join(packageRoot, 'data', basename(path))
  const isShipped = dirname(path) === dataFolder && !existsSync(path) && existsSync(shipped)
  return readClaims(isShipped ? shipped : path)
}
