import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listStudies, readStudies, readStudy, synthetic } from '../../src/entries/executor.js'
import { projectRoot } from '../../src/project.js'
import { fixedFactors } from '../../src/study/design.js'
import { makePlan, type PlanOptions, schemaVersion } from '../../src/study/make-plan.js'
import type { Plan } from '../../src/study/plan.js'
import { planHash } from '../../src/study/plan-hash.js'
import { factorEntry, factorNames } from '../../src/study/treatment.js'

const described = (value: Record<string, unknown>) => ({ describe: () => value })
const base: PlanOptions = {
  name: 'plain',
  server: described({ kind: 'made', version: 18 }),
  input: {
    ...described({ kind: 'made', records: 1000 }),
    fits: { columns: [{ name: 'a', type: 'int4' }], primaryKey: [] },
  },
  factors: {},
}
const hashOf = (changes: Partial<PlanOptions> = {}): string => makePlan({ ...base, ...changes }).hash

describe('the committed studies', () => {
  const names = listStudies().filter((name) => name.startsWith('reference-'))

  const earlier = ['reference-arrangements', 'reference-capacity', 'reference-confirmed', 'reference-workers']

  it('are those that the chapter rests on', () => {
    const reasons = ['copies', 'cores', 'client', 'round-trips', 'contention', 'primary'].map(
      (part) => `reference-${part}`,
    )
    expect(names).toEqual([...earlier, ...reasons, 'reference-ahead', 'reference-importer'].sort())
  })

  it.each(names)('%s hashes to the name of its file, read and as it stands in it', (name) => {
    const { plan, journal } = readStudy(name)
    expect(journal).toBe(join('data', 'studies', name, `${plan.hash}.jsonl`))
    expect(planHash(plan)).toBe(plan.hash)
    const [line] = readFileSync(join(projectRoot, journal), 'utf8').split('\n', 1)
    expect((JSON.parse(line!) as { plan: Plan }).plan).toMatchObject({
      hash: plan.hash,
      schemaVersion: earlier.includes(name) ? 2 : 3,
    })
  })

  it.each(earlier)('%s is read although its samples and its preregistration had other names', (name) => {
    const { plan, trials, journal } = readStudy(name)
    const text = readFileSync(join(projectRoot, journal), 'utf8')
    expect(text).toMatch(/"waits":\{"source":"[a-z_]+","looks":/)
    const waits = trials.flatMap((trial) => (trial.state === 'completed' && trial.waits ? [trial.waits] : []))
    expect(waits.length).toBeGreaterThan(0)
    for (const one of waits) expect(one.samples).toBe(one.timeline?.atMs.length)
    expect(plan.preregistration !== null).toBe(text.includes('"registration":{'))
  })

  it.each(readStudies().filter(({ plan }) => plan.name.startsWith('reference-')))(
    'what $plan.name ran is what its treatments make again: nothing is measured again',
    ({ plan }) => {
      const { treatments, preregistration, controls } = plan
      const again = makePlan({
        ...plan,
        ...base,
        name: plan.name,
        input: { ...base.input, describe: () => plan.input },
        server: described(plan.server),
        factors: treatments.map((treatment) => fixedFactors(treatment, plan.meanings)),
        sessions: plan.blocksPerSession === null ? undefined : plan.blocks / plan.blocksPerSession,
        controls: {
          aa: controls.aa ?? undefined,
          slowdown: controls.slowdown ? { ...controls.slowdown.treatment, by: controls.slowdown.by } : undefined,
          work: controls.work ? { ...controls.work.treatment, by: controls.work.by } : undefined,
          unprobed: controls.unprobed ?? undefined,
        },
        ...(preregistration
          ? { ...preregistration, stop: undefined, claims: preregistration.claims ?? undefined }
          : { primary: undefined }),
        table: undefined,
      })
      expect(again.hash).toBe(plan.hash)
    },
  )
})

describe('planHash', () => {
  // Made by the last version that wrote format 2.
  it.each<[string, string, Partial<PlanOptions>]>([
    ['factors at their defaults', '09ceda5bf9d9', {}],
    [
      'every factor of format 2, probes, seed and warm-up',
      '13b58cf118f1',
      {
        name: 'all-factors',
        seed: 7,
        warmUpBlocks: 2,
        probes: { waits: false },
        factors: [
          {
            workers: [1, 4],
            batchSize: [100, 1000],
            dispatch: ['split', 'queue'],
            client: 'threads',
            encoding: ['text', 'binary'],
          },
          {
            source: 'prepared',
            secondaryIndexes: [0, 2],
            persistence: ['logged', 'unlogged'],
            synchronousCommit: [true, false],
          },
          { workers: 1, target: 'nothing' },
        ],
      },
    ],
    [
      'controls and a preregistration',
      '4f5e03b7fc7c',
      {
        name: 'registered',
        factors: { workers: [2, 4] },
        controls: { aa: { workers: 2 }, slowdown: { workers: 4, by: 0.2 } },
        primary: { a: { workers: 2 }, b: { workers: 4 }, metric: 'insertMs', claim: { lessBy: [0.06, 0.14] } },
        level: 0.9,
        margin: 0.02,
        exclude: ['swap'],
        stop: { looks: 3, bound: 'pocock', maxBlocks: 30 },
      },
    ],
  ])('hashes %s as format 2 did', (_, hash, changes) => {
    expect(hashOf(changes)).toBe(hash)
  })

  it('counts extra work, its share, and the treatment without probes', () => {
    const hashes = [
      {},
      { work: { workers: 2 } },
      { work: { workers: 2, by: 0.1 } },
      { unprobed: { workers: 2 } },
      { work: { workers: 2 }, unprobed: { workers: 2 } },
    ].map((controls) => hashOf({ factors: { workers: [2, 4] }, controls }))
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashes[0]).toBe(hashOf({ factors: { workers: [2, 4] } }))
  })

  it('leaves out what came after format 2 where it has its default, and nothing else', () => {
    const later = factorNames.filter((factor) => factorEntry(factor).since > 2)
    expect(later).toEqual(expect.arrayContaining(['recordsPerCopy', 'settings']))
    expect(hashOf({ factors: { recordsPerCopy: null, settings: 'default' } })).toBe(hashOf())
    expect(hashOf({ factors: { settings: { default: {} } } })).toBe(hashOf())
    expect(hashOf({ table: base.input.fits })).toBe(hashOf())
    expect(schemaVersion).toBeGreaterThan(2)
    const others = [
      hashOf({ factors: { recordsPerCopy: 1000 } }),
      hashOf({ factors: { recordsPerCopy: 500 } }),
      hashOf({ factors: { settings: { flush: { backend_flush_after: '256kB' } } } }),
      hashOf({ factors: { settings: { flush: { backend_flush_after: '512kB' } } } }),
      hashOf({ factors: { settings: { other: { backend_flush_after: '256kB' } } } }),
      hashOf({ table: { ...base.input.fits, primaryKey: ['a'] } }),
    ]
    expect(new Set([hashOf(), ...others]).size).toBe(others.length + 1)
  })

  it('hashes a control and a primary contrast by their levels that are no defaults', () => {
    const factors = { workers: [1, 2], recordsPerCopy: [null, 100] }
    const [whole, cut] = [null, 100].map((recordsPerCopy) => ({ workers: 2, recordsPerCopy }))
    const preregistered = (side: object) =>
      hashOf({ factors, primary: { a: side, b: { workers: 1, recordsPerCopy: null }, claim: { fasterBy: [0, null] } } })
    expect(preregistered(whole!)).not.toBe(preregistered(cut!))
    expect(hashOf({ factors, controls: { aa: whole } })).not.toBe(hashOf({ factors, controls: { aa: cut } }))
  })

  it('hashes the digest of a file of claims, and nothing in its place without one', () => {
    const primary = { a: { workers: 2 }, b: { workers: 4 }, claim: { fasterBy: [0.05, 0.15] } } as const
    const preregistered = { factors: { workers: [2, 4] }, primary }
    const digests = ['a', 'b'].map((sign) =>
      hashOf({ ...preregistered, claims: { primary: 'H1', digest: sign.repeat(64) } }),
    )
    expect(new Set([hashOf(preregistered), ...digests]).size).toBe(3)
  })

  it('takes a table of the input’s columns alone', () => {
    const { fits } = synthetic({ records: 1 })
    const input = { ...base.input, fits }
    expect(makePlan({ ...base, input, table: { ...fits, primaryKey: [] } }).table).toEqual({ ...fits, primaryKey: [] })
    expect(() =>
      makePlan({ ...base, input, table: { columns: [{ name: 'x', type: 'text' }], primaryKey: [] } }),
    ).toThrow("Expected `table` to have the input's columns (id:int8")
    expect(() => makePlan({ ...base, input, table: { ...fits, primaryKey: ['x'] } })).toThrow(
      'Expected `table.primaryKey` to name columns',
    )
  })
})
