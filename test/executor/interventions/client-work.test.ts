import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type CompletedTrial, type Factors, runTrial, synthetic, type Trial } from '../../../src/entries/executor.js'
import { checkExtraWork, makeExtraWork } from '../../../src/executor/interventions/client-work/extra-work.js'
import { builtFile } from '../../../src/project.js'
import { designOf } from '../../../src/study/design.js'
import { clientWorkOf } from '../../../src/study/factors/client-work.js'
import { levelText } from '../../../src/study/treatment.js'
import { useRunningServer } from '../running-server.js'

const { server } = useRunningServer()
const records = 3_000
const input = synthetic({ records, width: 60 })

async function completed(treatment: Factors): Promise<CompletedTrial> {
  const trial: Trial = await runTrial({ server, input, treatment })
  if (trial.state === 'failed') throw new Error(trial.error.message)
  return trial
}

describe('clientWork', () => {
  it.each<[string, Factors]>([
    ['spin:50', {}],
    ['sleep:50', {}],
    ['spin:50', { client: 'threads' }],
    ['sleep:50', { client: 'threads', dispatch: 'queue' }],
  ])('%s is done with every record, within the analysis (%o)', async (clientWork, factors) => {
    const trial = await completed({ workers: 2, batchSize: 1_000, ...factors, clientWork })
    const askedMs = records * 0.05
    expect(trial.records).toBe(records)
    expect(trial.clientWorkMs).toBeGreaterThanOrEqual(0.999 * askedMs)
    expect(trial.analyseMs).toBeGreaterThan(trial.clientWorkMs! - 1)
    if (clientWork.startsWith('spin')) expect(trial.clientCpuMs).toBeGreaterThan(0.8 * askedMs)
  })

  it('is null without any', async () => {
    expect((await completed({ workers: 1 })).clientWorkMs).toBeNull()
  })

  it('has no effect on records that are prepared', () => {
    const { treatments, leftOut } = designOf({ source: ['pipeline', 'prepared'], clientWork: ['0', 'spin:20'] })
    expect(treatments).toHaveLength(3)
    expect(leftOut.map(({ treatment }) => [treatment.source, treatment.clientWork])).toEqual([['prepared', 'spin:20']])
  })

  it.each(['spin', 'spin:', 'spin:0', 'spin:020', 'spin:2e1', 'spin:0.50', 'sleep:-1', 'spin:1000001', 'rest:20', ''])(
    'is not spelled %o',
    (clientWork) => {
      expect(() => designOf({ clientWork })).toThrow(
        /Expected `clientWork` to be a list of different texts: 0, spin:20/,
      )
    },
  )

  it('is told in words', () => {
    expect(['0', 'spin:20', 'sleep:0.5', 'spin:1000'].map((level) => levelText('clientWork', level))).toEqual([
      'no client work',
      '20 µs of CPU a record',
      '0.5 µs of waiting a record',
      '1,000 µs of CPU a record',
    ])
  })
})

describe('makeExtraWork', () => {
  it.each(['spin:100', 'sleep:100'])('%s takes what it is to take, in many small shares', async (level) => {
    const work = makeExtraWork(clientWorkOf(level))!
    for (let k = 0; k < 100; k++) await work.with(7)
    expect(work.ms).toBeGreaterThanOrEqual(69.99)
  })

  it('spins for about as much CPU time as asked, however often it is called', () => {
    // In a process of its own: the CPU time of this one is that of other tests too.
    const script = `
      const { makeExtraWork } = await import(${JSON.stringify(builtFile('executor/interventions/client-work/extra-work.js'))})
      const work = makeExtraWork({ by: 'spin', us: 20 })
      const shares = []
      for (let round = 0; round < 4; round++) {
        const before = process.cpuUsage()
        for (let k = 0; k < 25; k++) await work.with(1_000)
        const { user } = process.cpuUsage(before)
        shares.push(user / 1_000 / 500)
      }
      console.log(JSON.stringify(shares))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
    // A core that is shared with another thread of the processor is slower, by less than half.
    for (const share of JSON.parse(printed) as number[]) {
      expect(share).toBeGreaterThan(0.5)
      expect(share).toBeLessThan(2.5)
    }
  })

  it.each(['spin:3', 'spin:100', 'sleep:100'])('%s takes no less while all cores are busy', async (level) => {
    const busy = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
    try {
      await Promise.all(busy.map((own) => once(own, 'spawn')))
      const { us } = clientWorkOf(level)!
      const work = makeExtraWork(clientWorkOf(level))!
      for (let k = 0; k < 50; k++) {
        await work.with(11)
        expect(work.ms).toBeGreaterThanOrEqual(((k + 1) * 11 * us * 0.9999) / 1000)
      }
    } finally {
      for (const own of busy) own.kill('SIGKILL')
    }
  })

  it('lets the event loop turn', async () => {
    const work = makeExtraWork(clientWorkOf('spin:1000'))!
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await work.with(60)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})

describe('checkExtraWork', () => {
  const parts = [{ records: 600 }, { records: 400 }] as unknown as CompletedTrial['parts']
  it('fails where less than the work asked for was done', () => {
    const check = (workMs: number | null) => checkExtraWork(clientWorkOf('spin:100'), { parts, workMs })
    check(99.95)
    check(250)
    expect(() => check(99)).toThrow(
      /^Expected the client's extra work to take 100 ms \(spin:100 for 1000 records\), measured 99 ms$/,
    )
    expect(() => check(null)).toThrow(/measured 0 ms/)
  })
})
