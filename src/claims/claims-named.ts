import { join, resolve } from 'node:path'
import { dataFolder, projectRoot } from '../project.js'
import type { Claims } from './claims.js'
import { readClaims } from './read-claims.js'

/** What names claims: `none`, or the path of a file. */
export type ClaimsName = 'none' | (string & {})

/**
 * The claims of a file at a path, seen from the project's folder; no claims for `none`. For
 * `data/claims.json` in a project without it, those of the working note.
 *
 * @throws `RangeError` as `readClaims`.
 * @example
 * const { claims } = claimsNamed('data/claims.json')
 */
export function claimsNamed(name: ClaimsName): Claims {
  if (name === 'none') return { title: null, source: null, fixed: {}, claims: [], note: null, digest: null }
  const path = resolve(projectRoot, name)
  return readClaims(path === join(dataFolder, 'claims.json') ? undefined : path)
}
