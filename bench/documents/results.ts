import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resultsFolder } from '../places.js'

/** The stored result of a part, which `npm run bench -- --write` wrote. */
export function readResult<Result>(part: string): Result {
  return JSON.parse(readFileSync(join(resultsFolder, `${part}.json`), 'utf8')) as Result
}
