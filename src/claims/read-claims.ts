import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, displayPath, packageRoot } from '../project.js'
import { checkMeaning } from './check-meaning.js'
import { checkShape } from './check-shape.js'
import type { Claims, ClaimsFile } from './claims.js'

/** The project's claims: its `data/claims.json`, else the working note's, which copylab ships. */
export function ownClaims(): string {
  const path = join(dataFolder, 'claims.json')
  return existsSync(path) ? path : join(packageRoot, 'data', 'claims.json')
}

/**
 * Reads a file of claims and checks it. Without a path it reads the project's `data/claims.json`,
 * or copylab's own where the project has none.
 *
 * @throws `RangeError` naming the file, the claim, the place and what to type there, one line for
 * each mistake.
 * @example
 * const claims = readClaims()
 * showTable(claims)
 */
export function readClaims(path: string = ownClaims()): Claims {
  const bytes = bytesOf(path)
  const name = displayPath(path)
  return checked(parsed(bytes.toString('utf8'), name), name, createHash('sha256').update(bytes).digest('hex'))
}

/**
 * Checks claims that are written in code; `name` is their name in errors. Throws `RangeError` as
 * `readClaims` does.
 */
export function checkClaims(stated: ClaimsFile, name = 'claims'): Claims {
  return checked(stated, name, null)
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new RangeError(`Expected a file of claims at ${path}, got none: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // It quotes the text, with its line ends.
    const reason = (error as Error).message.replace(/\s+/g, ' ')
    throw new RangeError(`Expected ${name} to be JSON: ${reason}`, { cause: error })
  }
}

function checked(stated: unknown, name: string, digest: string | null): Claims {
  const { title = null, source = null, fixed = {}, claims, note = null } = checkShape(stated, name)
  checkMeaning({ fixed, claims }, name)
  return { title, source, fixed, claims, note, digest }
}
