import { describe, expect, it } from 'vitest'
import { reasonWords } from '../../../src/analysis/explain/explain-words.js'
import {
  type SimulatedTruth,
  type SimulateOptions,
  simulateStudy,
} from '../../../src/analysis/simulate/simulate-study.js'
import { explain, sentencesOf } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const oneVsEight = { from: { workers: 1 }, to: { workers: 8 } }

/**
 * 1 worker works; of 8, half of the time in COPY goes to relation extension, and a core is there
 * for two thirds of the rest.
 */
const truth = ({ workers }: { readonly workers: number }): SimulatedTruth =>
  workers === 1
    ? { totalMs: 2000, insertMs: 1900, events: { cpu: 1 } }
    : {
        totalMs: 2000,
        insertMs: 1900,
        events: { cpu: 0.45, 'Lock:extend': 0.5, 'LWLock:WALWrite': 0.05 },
        onCore: 2 / 3,
      }

function contended(more: Partial<SimulateOptions> = {}): Study {
  return simulateStudy({ workers: [1, 8], batchSizes: [1000], noise: 0.02, truth, ...more })
}

const blind = (trial: CompletedTrial): CompletedTrial => ({
  ...trial,
  waits: null,
  missing: { waits: 'the probe was off' },
})

describe('explain', () => {
  const answer = explain(contended(), oneVsEight)
  const change = (name: string) => answer.activities.find(({ activity }) => activity === name)!

  it('explain finds the change of every activity within blocks, with its interval', () => {
    expect(answer).toMatchObject({
      blocks: 6,
      excluded: [],
      cpuKnown: true,
      largest: 'extension',
      largestSide: 'server',
    })
    expect(answer.wall!.change.value / 1000).toBeCloseTo(14, 0)
    // 8 workers × 1.9 s in COPY, by the shares above.
    for (const [name, seconds] of [
      ['extension', 7.6],
      ['wal', 0.76],
      ['queueing', 2.28],
      ['running', 4.56 - 1.9],
    ] as const) {
      const { interval, value } = change(name).change
      expect(Math.abs(value / 1000 / seconds - 1), name).toBeLessThan(0.1)
      expect(interval!.lower).toBeLessThan(value)
      expect(interval!.upper).toBeGreaterThan(value)
    }
    expect(change('extension').shareOfChange).toBeCloseTo(7.6 / 14, 1)
    expect(answer.activities.reduce((sum, one) => sum + one.change.value, 0) / answer.wall!.change.value).toBeCloseTo(
      1,
      1,
    )
    expect(answer.sides.map(({ side }) => side).sort()).toEqual(['client', 'machine', 'server', 'work'])
  })

  it('explain says in a sentence what grew, by how much, and its cause', () => {
    expect(sentenceOf(answer)).toMatch(
      /^From 1 worker to 8 at 1K the time went from [\d,]+ to [\d,]+ ms, \+11 ms \(95 % CI −26 to 47\), not distinguishable from zero, 6 blocks: CPU demand × 1\.01 \(.*\), which is \+11 ms \(client .*, backends .*, others .*\), and use of the cores × 1\.00 /,
    )
    expect(sentencesOf(answer)[1]).toMatch(
      /^Per worker, the largest contributions: running −1,3\d\d ms \(.*\), relation extension \+9\d\d ms \(.*\) and CPU queueing \+2\d\d ms \(.*\)$/,
    )
    expect(reasonWords(answer.reason).text).toMatch(
      /^Contention or client\? Of \+11 ms \(.*\), not distinguishable from zero, per worker: waits in the server \+1,0\d\d ms \(.*\); waits for a core \+2\d\d ms \(.*\); .*work of the backends −1,3\d\d ms \([^;]*\)$/,
    )
  })

  it('explain gives the share of lock waits in the time in COPY', () => {
    expect(answer.lockShare!.from).toBe(0)
    expect(answer.lockShare!.to).toBeCloseTo(0.55, 1)
    expect(sentenceOf(answer.lockShare!)).toMatch(
      /^Lock and LWLock waits took 0\.0 % of the time in COPY with 1 worker and 5\d % with 8: \+5\d\.\d points \(95 % CI 5\d\.\d to 5\d\.\d\)$/,
    )
  })

  it('explain(from, to) is the opposite of explain(to, from), and says that time fell', () => {
    const back = explain(contended(), { from: oneVsEight.to, to: oneVsEight.from })
    expect(back.wall!.change.value).toBeCloseTo(-answer.wall!.change.value, 6)
    expect(sentenceOf(back)).toMatch(
      /^From 8 workers to 1 at 1K the time went from [\d,]+ to [\d,]+ ms, −11 ms \(95 % CI −47 to 26\)/,
    )
  })

  it('explain names no activity that took more of the workers’ time where only the wall clock changed', () => {
    const same = explain(
      contended({
        workers: [2, 4],
        noise: 0.1,
        truth: ({ workers }) => ({ totalMs: 9000 / workers, events: { cpu: 1 } }),
      }),
      {
        from: { workers: 2 },
        to: { workers: 4 },
      },
    )
    expect(same.largestSide).toBeNull()
    expect(same.activities.every(({ shareOfChange }) => shareOfChange === null)).toBe(true)
    expect(reasonWords(same.reason).text).toMatch(
      /^Contention or client\? Of −[\d,]+ ms \(.*\), per worker: waits for the client and for other workers −[\d,]+ ms \(.*\); work of the backends −/,
    )
  })

  it('explain of one block has changes and no interval', () => {
    const one = explain(contended({ blocks: 1 }), oneVsEight)
    expect(one.wall!.change.interval).toBeNull()
    expect(sentenceOf(one)).toMatch(
      / ms, −\d+ ms, 1 block, which gives no interval: CPU demand × 0\.98, which is −31 ms/,
    )
    expect(reasonWords(one.reason).text).toMatch(
      /^Contention or client\? Of −\d+ ms, per worker: work of the backends −[\d,]+ ms; /,
    )
  })

  it('explain leaves out blocks without both readings, and says why', () => {
    const partly = contended({
      change: (trial) =>
        trial.block === 2 ? blind(trial) : trial.block === 4 && trial.treatment.workers === 8 ? broken(trial) : trial,
    })
    const { blocks, excluded } = explain(partly, oneVsEight)
    expect(blocks).toBe(4)
    expect(excluded).toEqual([
      {
        block: 2,
        reason: 'the waits of from were not read: the probe was off; the waits of to were not read: the probe was off',
      },
      { block: 4, reason: 'to failed: disk full' },
    ])
  })

  it('explain of a study whose waits were never read says so', () => {
    const nothing = explain(contended({ change: blind }), oneVsEight)
    expect(nothing).toMatchObject({ wall: null, activities: [], sides: [], largest: null, lockShare: null, blocks: 0 })
    expect(sentenceOf(nothing)).toMatch(
      /^From 1 worker to 8 at 1K: where the time went is not known; no block can be used \(block 1: the waits of from were not read: the probe was off/,
    )
    expect(reasonWords(nothing.reason).text).toMatch(/^Contention or client\? Not known; /)
  })

  it('explain does not tell running from queueing where /proc was refused', () => {
    const refused = contended({ change: (trial) => ({ ...trial, backendCpuMs: null, backendQueueMs: null }) })
    const unknown = explain(refused, oneVsEight)
    const { cpuKnown, activities, sides } = unknown
    expect(cpuKnown).toBe(false)
    expect(activities.map(({ activity }) => activity)).not.toContain('queueing')
    expect(sides.map(({ side }) => side)).not.toContain('machine')
    expect(sentencesOf(unknown)[1]).toMatch(
      /running or queueing for a core −1,0\d\d ms .*; running includes queueing, because \/proc of the server's host could not be read$/,
    )
  })

  it('explain refuses what compare refuses, in its own words', () => {
    expect(() => explain(contended(), { from: { workers: 2 }, to: { workers: 8 } })).toThrow(
      '`from.workers` to be a level',
    )
    expect(() => explain(contended(), { from: { workers: 8 }, to: { workers: 8 } })).toThrow(
      '`from` and `to` to be different treatments',
    )
  })

  it('explain returns plain data', () => {
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
  })
})
