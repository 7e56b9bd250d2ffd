import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resultsFolder } from '../places.js'

/** What `npm run bench -- --write` kept of a part. */
export function readResult<Result>(part: string): Result {
  return JSON.parse(readFileSync(join(resultsFolder, `${part}.json`), 'utf8')) as Result
}
