import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStudy, compare, sentencesOf } from '../../../src/entries/analysis.js'
import {
  type CompletedTrial,
  readStudy,
  runStudy,
  type StudyOptions,
  synthetic,
  type Trial,
} from '../../../src/entries/executor.js'
import { useRunningServer } from '../running-server.js'

const { server } = useRunningServer()

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab controls '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  name: 'made',
  server,
  input: synthetic({ records: 60_000, width: 100 }),
  factors: { workers: [1, 2], batchSize: 10_000 },
  blocks: 2,
  folder,
  ...changes,
})
const controlsIn = (trials: readonly Trial[], control: Trial['control']): CompletedTrial[] =>
  trials.filter((trial): trial is CompletedTrial => trial.state === 'completed' && trial.control === control)

describe('the control with more work', () => {
  it.each(['event-loop', 'threads'] as const)(
    'spends a share of the CPU time that its treatment took, on %s',
    async (client) => {
      const study = await runStudy(
        options({
          factors: { workers: [1, 2], batchSize: 10_000, client },
          controls: { work: { workers: 2, by: 0.5 } },
        }),
      )
      const working = controlsIn(study.trials, 'work')
      expect(working).toHaveLength(2)
      const own = controlsIn(study.trials, null).filter(({ treatment }) => treatment.workers === 2)
      const demands = own.map(({ clientCpuMs, backendCpuMs }) => clientCpuMs! + backendCpuMs!)
      for (const { clientWorkMs, treatment } of working) {
        expect(treatment.clientWork).toBe('0')
        // It is a half of the mean of those before it.
        expect(clientWorkMs).toBeGreaterThanOrEqual(0.49 * Math.min(...demands))
      }
      for (const { clientWorkMs } of own) expect(clientWorkMs).toBeNull()
      expect(readStudy('made', { folder })).toMatchObject({ damaged: [], plan: { controls: { work: { by: 0.5 } } } })
      const { work } = compare(study, { a: { workers: 1 }, b: { workers: 2 } }).controls
      expect(work).toMatchObject({ control: 'work', by: 0.5, expected: null, estimate: { n: 2 } })
    },
  )

  it.each([
    [{ warmUpBlocks: 0 }, {}, /`warmUpBlocks` from 1 with `controls.work`/],
    [{}, { source: 'prepared' }, /whose records are analysed while the clock runs/],
    [{}, { clientWork: 'spin:3' }, /without `clientWork` of its own/],
  ] as const)('is refused with %o %o', async (more, factors, message) => {
    const wrong = options({ ...more, factors: { workers: [1, 2], ...factors }, controls: { work: { workers: 2 } } })
    await expect(runStudy(wrong)).rejects.toThrow(message)
  })

  it('fails where the CPU time of its treatment was not read', async () => {
    const study = await runStudy(
      options({ probes: { backends: false }, controls: { work: { workers: 2 } }, blocks: 1 }),
    )
    const [failed] = study.trials.filter(({ state }) => state === 'failed')
    expect(failed).toMatchObject({
      control: 'work',
      error: { name: 'InterventionError', message: expect.stringMatching(/CPU time .* in this session was not read/) },
    })
  })
})

describe('the control without probes', () => {
  it('is observed by no connection and no clock of its own, and says so', async () => {
    const observed: string[] = []
    const study = await runStudy(
      options({
        controls: { unprobed: { workers: 2 } },
        onProgress: ({ message, trial }) => {
          if (trial) observed.push(message)
        },
      }),
    )
    const unprobed = controlsIn(study.trials, 'unprobed')
    expect(unprobed).toHaveLength(2)
    for (const trial of unprobed) {
      const { waits, backendCpuMs, walSyncs, clientCpuMs, serverSeries, clientSeries, missing } = trial
      expect({ waits, backendCpuMs, walSyncs, clientCpuMs }).toEqual({
        waits: null,
        backendCpuMs: null,
        walSyncs: null,
        clientCpuMs: null,
      })
      expect([serverSeries, clientSeries]).toEqual([null, null])
      expect(missing.waits).toMatch(/off/)
    }
    for (const trial of controlsIn(study.trials, null)) expect(trial.waits).not.toBeNull()
    expect(observed.filter((message) => message.endsWith('without probes'))).toHaveLength(2)
    expect(checkStudy(study).map(({ code }) => code)).not.toContain('unequal-blocks')
    const { controls } = compare(study, { a: { workers: 1 }, b: { workers: 2 } })
    expect(controls.unprobed).toMatchObject({ expected: null, estimate: { n: 2 } })
    expect(sentencesOf(controls).join(' ')).toMatch(/Without probes 2 workers at 10K took .* time \(95 % CI/)
  })
})
