import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkClaims, readClaims } from '../../src/entries/analysis.js'
import { embedded, type PlanOptions, readStudy, runStudy, synthetic } from '../../src/entries/executor.js'
import { makePlan } from '../../src/study/make-plan.js'
import { planHash } from '../../src/study/plan-hash.js'
import { ownClaims } from '../claims/own-claims.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab primary '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = {
  name: 'own',
  server: embedded(),
  input: synthetic({ records: 500 }),
  factors: { workers: 2, batchSize: 1000, encoding: ['text', 'binary'], dispatch: 'queue' },
  primary: { a: { encoding: 'binary' }, b: { encoding: 'text' }, claim: { fasterBy: [0, null] } },
} as const satisfies PlanOptions

const { primary } = options

describe('a primary contrast that could not be judged', () => {
  it.each<[string, object, RegExp]>([
    [
      'a metric that there is not',
      { ...primary, metric: 'totalMS' },
      /^Expected `metric` to be one of totalMs, .*, got "totalMS"$/,
    ],
    [
      '"faster" of an amount',
      { ...primary, metric: 'memoryBytes' },
      /^Expected `primary.claim` to be one of `lessBy`, `moreBy` or `ratio` for memoryBytes, got `fasterBy`$/,
    ],
    [
      'less by more than the whole',
      { ...primary, claim: { lessBy: [1.2, null] } },
      /^Expected `primary.claim` to be less by under 1, got \[1.2,null\]$/,
    ],
  ])('makePlan and runStudy refuse %s before any trial', async (_what, wrong, message) => {
    const stated = { ...options, primary: wrong as never }
    expect(() => makePlan(stated)).toThrow(message)
    await expect(runStudy({ ...stated, folder })).rejects.toThrow(message)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('claims that a study preregisters', () => {
  const write = (text: string): string => {
    const path = join(folder, 'own-claims.json')
    writeFileSync(path, text)
    return path
  }

  it('makePlan preregisters and hashes a file of claims, and adds nothing for a contrast that stands by itself', () => {
    const alone = makePlan(options)
    const claims = { primary: 'H1', digest: 'a'.repeat(64) }
    const plan = makePlan({ ...options, claims })
    expect(alone.preregistration).toMatchObject({ claims: null })
    expect(plan.preregistration).toEqual({ ...alone.preregistration, claims })
    const hashes = [alone, plan, makePlan({ ...options, claims: { ...claims, digest: 'b'.repeat(64) } })]
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(3)
    const reference = readStudy('reference-workers').plan
    expect(reference.preregistration!.claims).toBeNull()
    expect(planHash(reference)).toBe('eea92392771f')
  })

  it('readClaims gives the digest of the bytes', () => {
    const path = write(JSON.stringify(ownClaims))
    expect(readClaims(path).digest).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'))
  })

  it.each<[string, (path: string) => object, RegExp]>([
    [
      'an id that no claim has',
      (path) => ({ claims: readClaims(path), primary: 'H12' }),
      /^Expected `primary` to be the id of a claim \(H1, H2, .*, H11\), got "H12"$/,
    ],
    [
      'a claim that compares no two treatments',
      (path) => ({ claims: readClaims(path), primary: 'H3' }),
      /^Expected `primary` to be the id of a claim that compares two treatments \(H1\), got "H3"$/,
    ],
    [
      'claims without a primary one',
      (path) => ({ claims: readClaims(path), primary: undefined }),
      /^Expected `primary` to be the id of one of `claims` \(H1, .*, H11\), got none$/,
    ],
    [
      'an id without claims',
      () => ({ primary: 'H1' }),
      /^Expected `claims` with `primary: "H1"`, such as readClaims\('my-claims.json'\)$/,
    ],
    [
      'claims that are no file',
      () => ({ claims: checkClaims(ownClaims), primary: 'H1' }),
      /^Expected `claims` to be read from a file, by readClaims\(path\)/,
    ],
    [
      'treatments that the study does not run',
      (path) => ({ claims: readClaims(path), primary: 'H1', factors: { workers: 4, encoding: ['text', 'binary'] } }),
      /^Expected `primary.a` to name one of the study's treatments, got .*"encoding":"binary".*, which fits 0$/,
    ],
  ])('runStudy refuses %s', async (_what, wrong, message) => {
    const studies = join(folder, 'studies')
    const stated = { ...options, folder: studies, ...wrong(write(JSON.stringify(ownClaims))) }
    await expect((async () => runStudy(stated as never))()).rejects.toThrow(message)
    expect(readdirSync(folder)).toEqual(['own-claims.json'])
  })
})
