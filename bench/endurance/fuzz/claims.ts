import { ok } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { plotClaims, sentencesOf } from 'copylab/analysis'
import { readStudies, type Study } from 'copylab/executor'
import fc from 'fast-check'
import type { Claims, ClaimsFile } from '#copylab/claims/claims.js'
import { judgeClaims } from '#copylab/claims/judge-claims.js'
import { readClaims } from '#copylab/claims/read-claims.js'
import { packageRoot } from '#copylab/project.js'
import { factorNames } from '#copylab/study/treatment.js'
import { temporaryFolder } from '../../places.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { edited, editsWith, seldomSpliced, spliced } from './edits.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

const noteClaims = JSON.parse(readFileSync(join(packageRoot, 'data', 'claims.json'), 'utf8')) as ClaimsFile

/** What a file of claims may say, at one place or another. */
const ownValues = fc.oneof(
  fc.constantFrom<unknown>(
    ...factorNames,
    'totalMs',
    'recordsPerSecond',
    'insertMs',
    'copyMs',
    'walBytes',
    'rises',
    'falls',
  ),
  fc.constantFrom<unknown>(
    1,
    2,
    4,
    8,
    10_000,
    20_000,
    64,
    0.05,
    -0.5,
    true,
    false,
    null,
    'text',
    'binary',
    'queue',
    'split',
  ),
  fc.constantFrom<unknown>(
    { workers: 2 },
    { workers: 4 },
    { workers: 2, batchSize: 10_000 },
    { encoding: 'binary' },
    {},
  ),
  fc.constantFrom<unknown>(
    { fasterBy: [0, 0.1] },
    { slowerBy: [0.1, 2] },
    { lessBy: [0, 1] },
    { moreBy: [0, null] },
    { within: 0.05 },
  ),
  fc.constantFrom<unknown>(
    [2, 4],
    [1, 2],
    ['text', 'binary'],
    [0.1, 0.05],
    'contrasts',
    'spread',
    'best-set',
    'peak',
    'rule',
    'change',
  ),
)

/** Some of the note's claims, changed at a few places, or as text at a few bytes. */
const files: fc.Arbitrary<Buffer> = fc
  .tuple(fc.subarray([...noteClaims.claims], { minLength: 1, maxLength: 4 }), editsWith(ownValues), seldomSpliced)
  .map(([claims, edits, cuts]) => {
    const text = Buffer.from(JSON.stringify(edited({ ...noteClaims, claims }, edits), null, 1) ?? '')
    return spliced(text, cuts)
  })

/**
 * Files of claims: refused by a message that names the file, or read as claims that are judged, put
 * into words and drawn without an error.
 */
export async function fuzzClaims(options: EnduranceOptions): Promise<Fuzzed> {
  const study = readStudies().find(({ plan }) => plan.name === 'reference-confirmed')!
  mkdirSync(temporaryFolder, { recursive: true })
  const folder = mkdtempSync(join(temporaryFolder, 'claims-'))
  const path = join(folder, 'mine.json')
  const outcome = (bytes: Buffer): string => {
    writeFileSync(path, bytes)
    return outcomeOf(path, study)
  }
  try {
    return await fuzzed(
      { name: 'claims', inputs: files, show: String, count: shareOf(12_000, options), outcome },
      options,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function outcomeOf(path: string, study: Study): string {
  let claims: Claims
  try {
    claims = readClaims(path)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    for (const line of error.message.split('\n')) {
      ok(/^(Expected )?\S*mine\.json\b.*[:,] /.test(line), `names no file: ${error.message}`)
      ok(!/\bundefined\b|\[object /.test(line), error.message)
    }
    return 'refused'
  }
  const verdicts = judgeClaims(claims, study)
  const sentences = sentencesOf(...verdicts)
  ok(sentences.length === claims.claims.length && sentences.every((text) => text !== ''))
  ok(!/\bundefined\b|\bNaN\b|\[object /.test(sentences.join('\n')), sentences.join('\n'))
  if (verdicts.length > 0) plotClaims(verdicts)
  return verdicts.some(({ found }) => found !== null) ? 'judged' : 'undecided'
}
