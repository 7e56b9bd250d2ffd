import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decideSequentially } from '../../src/analysis/compare/interim.js'
import {
  type Interim,
  type PrimaryOptions,
  type Progress,
  readStudy,
  runStudy,
  type Study,
  type StudyOptions,
  synthetic,
} from '../../src/entries/executor.js'
import { embedded } from '../../src/executor/server/embedded.js'
import { makePlan } from '../../src/study/make-plan.js'
import { useRunningServer } from './running-server.js'

const input = synthetic({ records: 500, width: 20 })

const { server } = useRunningServer()

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab preregistered '))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Options of a study whose contrast is given as such, not by a file of claims. */
type Options = Omit<StudyOptions, 'primary' | 'claims'> & { readonly primary?: PrimaryOptions }

const options = (changes: Partial<Options> = {}): Options => ({
  name: 'preregistered',
  server,
  input,
  factors: { workers: [1, 2], batchSize: 100 },
  probes: false,
  folder,
  primary: { a: { workers: 2 }, b: { workers: 1 }, claim: { fasterBy: [0.05, 0.15] } },
  ...changes,
})

const blocksOf = (study: Study): number => Math.max(...study.trials.map(({ block }) => block))

/** Looks after the second and the fourth block; decided at the looks that `decided` names. */
function looking(...decided: readonly number[]): NonNullable<StudyOptions['stop']> {
  const decide = (study: Study): Interim => {
    const look = blocksOf(study) % 2 === 0 ? blocksOf(study) / 2 : null
    return { look, decided: look !== null && decided.includes(look), text: `after ${blocksOf(study)}` }
  }
  return { looks: 2, bound: 'obrien-fleming', maxBlocks: 4, decide }
}

describe('runStudy with a rule to stop by', () => {
  it('runStudy ends at the look that decides, keeps that in the journal, and reads the study back as finished', async () => {
    const seen: Progress[] = []
    const study = await runStudy(options({ stop: looking(1), onProgress: (progress) => seen.push(progress) }))
    expect(study.stopped).toEqual({ look: 1, block: 2, text: 'after 2' })
    expect(blocksOf(study)).toBe(2)
    expect(seen.filter(({ trial }) => trial).map(({ interim }) => interim)).toEqual([
      null,
      null,
      null,
      'after 1',
      'after 1',
      'after 2',
    ])
    expect(seen.at(-1)!.message).toBe('ended at look 1 of 2, after 2 of at most 4 blocks: after 2')
    const again = await runStudy(options({ stop: looking(1) }))
    expect(again).toMatchObject({ origin: 'disk', stopped: study.stopped })
    expect(again.trials).toEqual(study.trials)
    expect(readStudy('preregistered', { folder }).stopped).toEqual(study.stopped)
    const [file] = readdirSync(join(folder, 'preregistered')).filter((name) => name.endsWith('.jsonl'))
    const lines = readFileSync(join(folder, 'preregistered', file!), 'utf8')
      .trim()
      .split('\n')
    expect(JSON.parse(lines[0]!).plan.preregistration.stop).toEqual({ looks: 2, bound: 'obrien-fleming', maxBlocks: 4 })
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ type: 'stop', stop: study.stopped })
  })

  it('runStudy runs on to the last block when no look decides, and does not call that an early end', async () => {
    for (const decided of [[], [2]]) {
      const study = await runStudy(options({ name: `undecided-${decided.length}`, stop: looking(...decided) }))
      expect(blocksOf(study)).toBe(4)
      expect(study.stopped).toBeNull()
    }
  })

  it('runStudy lets progress say what is known after each block, and runs all blocks', async () => {
    const seen: (string | null)[] = []
    const interim = (soFar: Study): string => `${blocksOf(soFar)} blocks`
    const study = await runStudy(
      options({
        name: 'watched',
        blocks: 2,
        interim,
        onProgress: ({ trial, interim: said }) => trial && seen.push(said),
      }),
    )
    expect(seen).toEqual([null, null, null, '1 blocks', '1 blocks', '2 blocks'])
    expect(study.stopped).toBeNull()
  })

  it('runStudy asks decideSequentially, which looks at equal distances', async () => {
    const seen: (string | null)[] = []
    const stop = { looks: 2, bound: 'pocock', maxBlocks: 14, decide: decideSequentially } as const
    const study = await runStudy(options({ stop, onProgress: ({ interim }) => seen.push(interim) }))
    expect(seen.at(-1)).toMatch(/^2 workers vs 1 at 100: .* \(97.*% CI .*\), (supported|refuted|equivalent|undecided)$/)
    expect([7, 14]).toContain(blocksOf(study))
    expect(study.stopped === null).toBe(blocksOf(study) === 14)
  })
})

const withServer = (changes: Partial<Options>) => ({ ...options(changes), table: undefined, input, server: embedded() })

describe('makePlan preregisters what decides', () => {
  const hash = (changes: Partial<Options> = {}): string => makePlan(withServer(changes)).hash

  it('makePlan hashes the primary contrast, level, margin, exclusions and rule', () => {
    const others = [
      hash({ primary: undefined }),
      hash({ primary: { ...options().primary!, claim: { fasterBy: [0, null] } } }),
      hash({ level: 0.9 }),
      hash({ margin: 0.03 }),
      hash({ exclude: [] }),
      hash({ stop: looking() }),
      hash({ stop: { ...looking(), maxBlocks: 8 } }),
    ]
    expect(new Set([hash(), ...others]).size).toBe(others.length + 1)
    expect(hash({ exclude: ['swap', 'steal', 'checkpoint-in-trial'] })).toBe(hash())
    expect(makePlan(withServer({ primary: undefined })).preregistration).toBeNull()
  })

  it.each<[string, Partial<Options>]>([
    ['Expected `blocks` or `stop`, got both', { stop: looking(), blocks: 6 }],
    ['Expected `primary` with `stop`', { primary: undefined, stop: looking() }],
    ['Expected `primary` with `level`', { primary: undefined, level: 0.9 }],
    ['Expected `level` to be a number between 0 and 1, got 95', { level: 95 }],
    ['Expected `margin` to be a number between 0 and 1, got 0', { margin: 0 }],
    [
      "Expected `primary.a` to name one of the study's treatments",
      { primary: { ...options().primary!, a: { workers: 9 } } },
    ],
    ['Expected `primary.a` and `primary.b` to be different', { primary: { ...options().primary!, a: { workers: 1 } } }],
    [
      'Expected `primary.claim` to be two shares in ascending order, such as [0.05, 0.15], got [0.15,0.05]',
      { primary: { ...options().primary!, claim: { fasterBy: [0.15, 0.05] } } },
    ],
    [
      'Expected `primary.claim` to be one of',
      { primary: { ...options().primary!, claim: { betterBy: [0, null] } as never } },
    ],
    ['Expected `exclude` to name findings about trials', { exclude: ['drift' as 'steal'] }],
    ['Expected `stop.looks` to be a whole number from 1 to 20, got 0', { stop: { ...looking(), looks: 0 } }],
    ['Expected `stop.maxBlocks` to be a whole number from 2', { stop: { ...looking(), maxBlocks: 1 } }],
    [
      'Expected `stop.bound` to be one of pocock, obrien-fleming',
      { stop: { ...looking(), bound: 'none' as 'pocock' } },
    ],
  ])('makePlan throws: %s', (message, changes) => {
    expect(() => makePlan(withServer(changes))).toThrow(message)
  })
})
