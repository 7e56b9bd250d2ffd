import { describe, expect, it } from 'vitest'
import { decideSequentially } from '../../../src/analysis/compare/interim.js'
import { runOrderTrend } from '../../../src/analysis/figures/run-order.js'
import { blockTimeMs } from '../../../src/analysis/recommend/block-time.js'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { driftOf, positionEffect } from '../../../src/analysis/validity/order-effects.js'
import {
  bestWorkers,
  checkStudy,
  compare,
  compareSpread,
  deviations,
  diffStudies,
  doseResponseRows,
  explain,
  fitScaling,
  interaction,
  partRows,
  plotBatchLatency,
  plotHeatMap,
  plotInsertTime,
  plotPhases,
  plotThroughput,
  plotTotalTime,
  plotWorkerSeconds,
  recommend,
  summarise,
  trialRows,
  trialsFrame,
} from '../../../src/entries/analysis.js'
import type { CompletedTrial, Interruption, Study } from '../../../src/entries/executor.js'
import { sentenceOf } from '../sentence-of.js'

const blocks = 8
const standstill: Interruption = { of: 'client', atMs: 900, ms: 15_000.4 }
const holder = { pid: 4711, user: 'reports', application: 'psql', workers: [1], waitedMs: 2_340 }

type Change = (trial: CompletedTrial) => Partial<CompletedTrial>

/**
 * A study in which something happened to the trials of a block that `hits` picks, which took five
 * times as long.
 */
function disturbed(change: Partial<CompletedTrial>, hits: (trial: CompletedTrial) => boolean): Study {
  return simulated((trial) => (hits(trial) ? { ...change, totalMs: trial.totalMs * 5 } : {}))
}

function simulated(change: Change = () => ({})): Study {
  const study = simulateStudy({
    workers: [1, 2, 4],
    batchSizes: [1_000, 10_000],
    blocks,
    warmUpBlocks: 1,
    noise: 0.05,
    controls: ['aa', 'slowdown'],
    truth: ({ workers, batchSize }) => ({ totalMs: 3_000 / workers + batchSize / 20 }),
    change: (trial) => ({ ...trial, ...change(trial) }),
  })
  const [a, b] = [study.plan.treatments[0]!, study.plan.treatments[2]!]
  const primary = { a, b, metric: 'totalMs' as const, claim: { fasterBy: [0, null] as const } }
  const stop = { looks: 4, bound: 'pocock' as const, maxBlocks: blocks }
  const preregistration = { primary, level: 0.95, margin: 0.05, exclude: ['steal' as const], stop, claims: null }
  return { ...study, plan: { ...study.plan, preregistration } as Study['plan'] }
}

const without = (study: Study, left: number): Study => ({
  ...study,
  trials: study.trials.filter(({ block }) => block !== left),
})

const contrast = { a: { workers: 1, batchSize: 1_000 }, b: { workers: 4, batchSize: 1_000 } }

/** A result without its reasons why blocks are missing. */
function used<T extends { readonly excluded: unknown }>({ excluded: _, ...rest }: T): Omit<T, 'excluded'> {
  return rest
}

/** Every analysis of measured trials, by its name. */
const analyses: readonly (readonly [string, (study: Study) => unknown])[] = [
  ['compare', (study) => used(compare(study, contrast))],
  ['compare, the preregistered contrast', (study) => used(compare(study, study.plan.preregistration!.primary))],
  ['compareSpread', (study) => used(compareSpread(study, contrast))],
  ['decideSequentially', decideSequentially],
  ['summarise', (study) => summarise(study)],
  ['bestWorkers', (study) => bestWorkers(study)],
  ['recommend', (study) => recommend(study)],
  ['blockTimeMs', (study) => study.plan.treatments.map((treatment) => blockTimeMs(study, [treatment]))],
  ['fitScaling', (study) => fitScaling(study)],
  ['interaction', (study) => interaction(study, { of: 'workers', by: 'batchSize', metric: 'totalMs' })],
  [
    'explain',
    (study) => {
      const { reason, ...explanation } = used(explain(study, { from: contrast.a, to: contrast.b }))
      return { ...explanation, reason: used(reason) }
    },
  ],
  ['doseResponseRows', (study) => doseResponseRows(study, { workers: [1, 4] })],
  ['diffStudies', (study) => diffStudies({ ...simulated(), journal: 'other' }, study).results],
  ['drift and position', (study) => [driftOf(study), positionEffect(study), runOrderTrend(study)]],
  ['trialsFrame', (study) => trialsFrame(study).values],
  ['partRows', partRows],
  ['plotThroughput', (study) => plotThroughput(study)],
  ['plotTotalTime', (study) => plotTotalTime(study)],
  ['plotHeatMap', (study) => plotHeatMap(study)],
  ['plotInsertTime', (study) => plotInsertTime(study, { workers: 4 })],
  ['plotPhases', (study) => plotPhases(study)],
  ['plotWorkerSeconds', (study) => plotWorkerSeconds(study)],
  ['plotBatchLatency', (study) => plotBatchLatency(study, { where: { batchSize: 1_000 } })],
]

describe('a block with a disturbed trial', () => {
  const interrupted = disturbed({ interruptions: [standstill] }, ({ block, position }) => block === 3 && position === 2)
  const blocked = disturbed({ blockers: [holder] }, ({ block, control }) => block === 6 && control === 'aa')
  const studies = [
    ['a standstill', interrupted, 3],
    ['a lock in a control', blocked, 6],
  ] as const
  it.each(
    studies.flatMap(([what, study, left]) => analyses.map(([name, analyse]) => ({ what, name, study, left, analyse }))),
  )('$what: $name gives what the study gives without the block', ({ study, left, analyse }) => {
    const found = analyse(study)
    expect(JSON.stringify(found).length).toBeGreaterThan(80)
    expect(found).toEqual(analyse(without(study, left)))
    expect(found).not.toEqual(analyse({ ...study, trials: study.trials.map(calm) }))
  })

  it('is named by compare, and is never put back', () => {
    const { excluded, withExcluded } = compare(interrupted, contrast)
    const { trial } = interrupted.trials.find((one) => one.state === 'completed' && one.totalMs > 10_000)!
    expect(excluded).toEqual([{ block: 3, reason: `trial ${trial} is left out with its block: interrupted-in-trial` }])
    expect(withExcluded).toBeNull()
  })

  it('is a rule of reading in addition to the preregistered ones, which count and put back what is left', () => {
    const study = simulated(({ block, position }) => ({
      ...(block === 3 && position === 2 ? { interruptions: [standstill], hostSteal: 0.2 } : {}),
      ...(block === 5 && position === 2 ? { hostSteal: 0.2 } : {}),
    }))
    const [hit, stolen] = [3, 5].map((block) => study.trials.find((one) => one.block === block && one.position === 2)!)
    const found = deviations(study).deviations
    expect(found.filter(({ kind }) => kind === 'disturbed')).toEqual([
      { kind: 'disturbed', blocks: [3], trials: [hit!.trial], reasons: ['interrupted-in-trial'] },
    ])
    expect(found.filter(({ kind }) => kind === 'left-out')).toEqual([
      { kind: 'left-out', trials: 1, reasons: ['steal'] },
    ])
    const primary = { a: stolen!.treatment, b: contrast.b }
    const { blocks: kept, withExcluded } = compare(study, primary)
    expect([kept, withExcluded!.blocks]).toEqual([blocks - 2, blocks - 1])
  })

  it('stays in the table of all trials, which says why it is left out', () => {
    const reasons = trialRows(blocked, { phase: 'all' }).map(({ block, leftOut }) => [block === 6, leftOut])
    expect(new Set(reasons.map((row) => JSON.stringify(row)))).toEqual(
      new Set(['[false,null]', '[true,"blocked-in-trial"]']),
    )
  })
})

describe('checkStudy', () => {
  it('names what stood still, for how long, and the blocks that are left out', () => {
    const study = disturbed(
      { interruptions: [standstill, { of: 'server', atMs: 3, ms: 1_200 }] },
      ({ block, position }) => (block === 3 || block === 4) && position === 2,
    )
    const finding = checkStudy(study).find(({ code }) => code === 'interrupted-in-trial')!
    const trials = [3, 4].map((block) => study.trials.find((one) => one.block === block && one.position === 2)!.trial)
    expect(finding).toMatchObject({
      trials,
      blocks: [3, 4],
      interruptions: [{ trial: trials[0], ...standstill }, { of: 'server' }, { of: 'client' }, { of: 'server' }],
    })
    expect(sentenceOf(finding)).toBe(
      `Something stood still in trials ${trials[0]} and ${trials[1]}: the client for up to 15.0 s and the server, or the network to it, for up to 1.2 s; every analysis leaves out blocks 3 and 4: keep the machines awake and the processes running, and add blocks`,
    )
  })

  it('names who held a lock by process, user and application', () => {
    const nameless = { pid: 0, user: null, application: '', workers: [0], waitedMs: 100 }
    const brief = { ...holder, pid: 12, waitedMs: 99 }
    const study = disturbed(
      { blockers: [holder, nameless, brief] },
      ({ block, position }) => block === 6 && position === 1,
    )
    const { trial } = study.trials.find((one) => one.block === 6 && one.position === 1)!
    const finding = checkStudy(study).find(({ code }) => code === 'blocked-in-trial')!
    expect(finding).toMatchObject({
      trials: [trial],
      blocks: [6],
      blockers: [
        { trial, ...holder },
        { trial, ...nameless },
      ],
    })
    expect(sentenceOf(finding)).toBe(
      `Workers waited in trial ${trial} for a lock of somebody else: process 4711 (user reports, application psql) for 2.3 s and a prepared transaction for 0.1 s; every analysis leaves out block 6: keep other sessions off the tables of a study while it runs, and add blocks`,
    )
  })

  it('has no such finding of the warm-up, of a short wait, and of trials that were not watched', () => {
    const brief = { ...holder, waitedMs: 99 }
    for (const study of [
      disturbed({ interruptions: [standstill], blockers: [holder] }, ({ phase }) => phase === 'warm-up'),
      disturbed({ blockers: [brief] }, () => true),
      disturbed({ interruptions: null, blockers: null }, () => true),
    ]) {
      expect(deviations(study).deviations.filter(({ kind }) => kind === 'disturbed')).toEqual([])
      expect(trialRows(study, { phase: 'all' }).filter(({ leftOut }) => leftOut !== null)).toEqual([])
      expect(checkStudy(study).filter(({ code }) => /^(interrupted|blocked)/.test(code))).toEqual([])
      expect(compare(study, contrast).blocks).toBe(blocks)
    }
  })
})

/** A copy of a trial as if nothing had happened to it but the time that it took. */
function calm(trial: Study['trials'][number]): Study['trials'][number] {
  return trial.state === 'completed' ? { ...trial, interruptions: [], blockers: [] } : trial
}
