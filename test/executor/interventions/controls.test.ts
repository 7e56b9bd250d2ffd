import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStudy, comparisonControls, wordsOf } from '../../../src/entries/analysis.js'
import {
  type CompletedTrial,
  type Factors,
  readStudy,
  runStudy,
  type Study,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { controlWorkUs } from '../../../src/executor/session/control-work.js'
import { useRunningServer } from '../running-server.js'

const { server, rows } = useRunningServer()
const records = 20_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab controls '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = (changes: Partial<StudyOptions>): StudyOptions => ({
  name: 'controlled',
  server,
  input: synthetic({ records, width: 60 }),
  factors: { workers: 2, batchSize: 5_000 },
  blocks: 2,
  folder,
  ...changes,
})

const ofControl = ({ trials }: Pick<Study, 'trials'>, control: CompletedTrial['control']): CompletedTrial[] =>
  trials.filter(
    (trial): trial is CompletedTrial =>
      trial.state === 'completed' && trial.phase !== 'warm-up' && trial.control === control,
  )

describe('the control work', () => {
  it.each<[string, Factors]>([
    ['event-loop, split, text', {}],
    ['event-loop, queue, binary', { dispatch: 'queue', encoding: 'binary' }],
    ['threads, split, binary', { client: 'threads', encoding: 'binary' }],
    ['threads, queue, with work of its own', { client: 'threads', dispatch: 'queue', clientWork: 'spin:5' }],
  ])('adds its share of the CPU time to the client, in every block: %s', async (_, factors) => {
    const study = await runStudy(
      options({ factors: { workers: 2, batchSize: 5_000, ...factors }, controls: { work: { by: 0.5 } } }),
    )
    const own = factors.clientWork === undefined ? 0 : 5
    const us = controlWorkUs(study.plan.controls, study.trials)
    expect(us).toBeGreaterThan(0)
    const worked = ofControl(study, 'work')
    expect(worked).toHaveLength(2)
    for (const trial of worked) {
      expect(trial.treatment).toEqual(study.plan.treatments[0])
      // Rounded to thousandths of a microsecond; an upper bound would be one of the machine's load.
      expect(trial.clientWorkMs).toBeGreaterThanOrEqual((0.999 * records * (us + own - 0.001)) / 1000)
    }
    for (const { clientWorkMs } of ofControl(study, null)) expect(clientWorkMs === null).toBe(own === 0)
    const { work } = comparisonControls(study, 'totalMs')
    expect(work).toMatchObject({ by: 0.5, expected: null, estimate: { n: 2 } })
    expect(work!.added!.ms).toBeGreaterThan(0)
    expect(readStudy('controlled', { folder }).plan).toEqual(study.plan)
  })

  it('spends nothing where the CPU time was not read, and says so', async () => {
    const study = await runStudy(options({ controls: { work: {} }, blocks: 1 }))
    expect(study.plan.controls.work!.by).toBe(0.05)
    const unread = study.trials.map((trial) => ({ ...trial, backendCpuMs: null, clientWorkMs: null }))
    expect(controlWorkUs(study.plan.controls, unread)).toBe(0)
    const result = comparisonControls({ ...study, trials: unread }, 'totalMs')
    expect(result.work).toMatchObject({ estimate: null, added: null, detected: null })
    expect(wordsOf(result)[0]!.text).toBe(
      'Extra work of 5 % of the CPU time: no block with both, or no CPU time read in the warm-up',
    )
  })

  it.each<[Partial<StudyOptions>, RegExp]>([
    [{ factors: { workers: 2, source: 'prepared' } }, /^Expected `controls.work` to name a treatment whose records/],
    [{ factors: { workers: 2, clientWork: 'sleep:5' } }, /no clientWork that sleeps$/],
    [{ warmUpBlocks: 0 }, /^Expected `controls.work` in a study with a warm-up block and the probes client and/],
    [{ probes: { backends: false } }, /which tell the CPU time that the work is a share of$/],
    [
      { controls: { work: { by: 0 } } },
      /^Expected `controls.work.by` to be a number above 0 to 10, a share of the CPU/,
    ],
  ])('is refused where it cannot be done: %o', async (changes, message) => {
    await expect(runStudy(options({ controls: { work: { workers: 2 } }, ...changes }))).rejects.toThrow(message)
  })
})

describe('the control unprobed', () => {
  it('runs the treatment without probes: nothing is asked while it loads, and readings are null', async () => {
    const active: string[] = []
    let seen = 0
    let control: string | null = null
    let watching = true
    const asking = async (): Promise<void> => {
      while (watching) {
        const before = control
        const found = await rows(
          "SELECT application_name AS name FROM pg_stat_activity WHERE state = 'active' AND application_name ~ '^copylab/controlled/(observer|nodes|w)'",
        )
        const names = found.map((row) => (row as { name: string }).name)
        if (before !== control || before === null) continue
        if (before === 'unprobed') active.push(...names)
        else if (names.some((name) => name.endsWith('/observer'))) seen++
      }
    }
    const watched = asking()
    const study = await runStudy({
      ...options({ controls: { unprobed: { workers: 2 } }, blocks: 3 }),
      onProgress: ({ message, trial }) => {
        control = trial !== null ? null : message.endsWith('no probes') ? 'unprobed' : 'probed'
      },
    }).finally(() => {
      watching = false
    })
    await watched
    expect(seen).toBeGreaterThan(0)
    expect(active.filter((name) => /observer|nodes/.test(name))).toEqual([])
    const unprobed = ofControl(study, 'unprobed')
    expect(unprobed).toHaveLength(3)
    for (const trial of unprobed) {
      expect(trial).toMatchObject({
        ...{
          waits: null,
          serverSeries: null,
          clientSeries: null,
          backendCpuMs: null,
          clientCpuMs: null,
          walBytes: null,
        },
        missing: {
          waits: 'the probe was off',
          backends: 'the probe was off',
          walIo: 'the probe was off',
          client: 'the probe was off',
        },
        interruptions: [],
      })
      expect(trial.totalMs).toBeGreaterThan(0)
    }
    for (const trial of ofControl(study, null)) expect(trial.backendCpuMs).not.toBeNull()
    const controls = comparisonControls(study, 'totalMs')
    expect(controls.unprobed).toMatchObject({ by: null, expected: null, added: null, estimate: { n: 3 } })
    expect(wordsOf(controls)[0]!.text).toMatch(/^Observing \(.+\) costs −?[\d.]+ % \(95 % CI .+ to .+\) of total time/)
    const without = { ...study, trials: study.trials.filter((trial) => trial.control === null) }
    const plain = { ...without, plan: { ...study.plan, controls: { ...study.plan.controls, unprobed: null } } }
    expect(checkStudy(study).map(({ code }) => code)).toEqual(checkStudy(plain).map(({ code }) => code))
  })
})
