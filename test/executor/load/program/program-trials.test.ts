import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compare, explain, plotBatchLatency, plotPhases, plotTimeline } from '../../../../src/entries/analysis.js'
import { type Factors, runStudy, runTrial, type StudyOptions, synthetic } from '../../../../src/entries/executor.js'
import type { LoaderProgram } from '../../../../src/study/factors/loaders.js'
import type { CompletedTrial, Trial } from '../../../../src/study/trial.js'
import { sentenceOf } from '../../../analysis/sentence-of.js'
import { useRunningServer } from '../../running-server.js'
import { scratchEmbedded } from '../../scratch-embedded.js'
import { loadingProgram } from './loading-program.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)
const input = synthetic({ records: 6_000, width: 40 })
/** So many that samples of the server find its backends. */
const many = synthetic({ records: 60_000, width: 40 })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-program-trials-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  // The files of the records, and the password.
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`copylab-trial-${process.pid}-`))).toEqual([])
})

const by = (loader: LoaderProgram, more: Factors = {}): Promise<Trial> =>
  runTrial({ server, input, treatment: { workers: 2, batchSize: 1_000, ...more, loader: { mine: loader } } })

function completed(trial: Trial): CompletedTrial {
  if (trial.state === 'completed') return trial
  throw new Error(trial.error.message)
}

describe('a trial by a program', () => {
  it('is verified and observed: the times of the program, its backends, the server', async () => {
    const treatment = { workers: 2, batchSize: 1_000, loader: { mine: loadingProgram(folder) } }
    const trial = completed(await runTrial({ server, input: many, treatment }))
    expect(trial).toMatchObject({
      records: 60_000,
      parts: [],
      bytes: null,
      betweenLinesMs: null,
      workerReadings: [{ worker: 0 }, { worker: 1 }],
      interruptions: [],
    })
    expect(trial.exitMs).toBe(trial.totalMs)
    expect(trial.fromCopyMs).toBeGreaterThan(0)
    expect(trial.fromCopyMs).toBeLessThan(trial.exitMs!)
    expect(trial.insertMs).toBeGreaterThan(0)
    expect(trial.insertMs).toBeLessThanOrEqual(trial.copyMs!)
    expect(trial.copyMs).toBeLessThanOrEqual(2 * trial.totalMs)
    expect([1, 2]).toContain(trial.connections)
    const { connections, workerConnections, ownConnections } = trial.serverSeries!
    expect(Math.max(...workerConnections)).toBeLessThanOrEqual(trial.connections)
    expect(new Set(ownConnections)).toEqual(new Set([2]))
    for (const [k, all] of connections.entries()) expect(all).toBeGreaterThanOrEqual(workerConnections[k]! + 2)
    expect(trial.walBytes).toBeGreaterThan(500_000)
    expect(trial.waits!.counts.reduce((sum, { count }) => sum + count, 0)).toBe(2 * trial.waits!.samples)
    expect(trial.missing).toMatchObject({ encodeMs: expect.stringContaining('a program loaded') })
    expect(trial.missing.waits).toBeUndefined()
    if (process.platform !== 'linux') return
    expect(trial.clientCpuMs).toBeGreaterThan(0)
    expect(trial.backendCpuMs).toBeGreaterThan(0)
  })

  it('is timed by the lines that the program prints, where it prints them', async () => {
    const loader = { mine: loadingProgram(folder, 'lines', { ready: 'reading now', done: 'all is in' }) }
    const trial = completed(
      await runTrial({ server, input: many, treatment: { workers: 2, batchSize: 1_000, loader } }),
    )
    expect(trial.totalMs).toBe(trial.betweenLinesMs)
    expect(trial.totalMs).toBeGreaterThan(100)
    expect(trial.exitMs).toBeGreaterThan(trial.totalMs)
    expect(trial.fromCopyMs).toBeLessThan(trial.totalMs)
  })

  it('loads a table with existing rows, triggers no factor of the workers, and makes indexes afterwards', async () => {
    const treatment = { existingRows: 1_000, secondaryIndexes: 1, indexBuild: 'after' } as const
    const trial = completed(await by(loadingProgram(folder), treatment))
    expect(trial).toMatchObject({ records: 6_000, existingBytes: expect.any(Number) })
    expect(trial.totalMs - trial.indexMs!).toBeCloseTo(trial.exitMs!, 3)
  })

  const wrong: readonly (readonly [string, Partial<LoaderProgram>, RegExp])[] = [
    ['nothing', {}, /^The table holds 0 records .* the input 6000/],
    ['little', {}, /^The table holds 3000 records/],
    ['twice', {}, /^The loader mine ended with exit code 1; .*Key \(id\)=/s],
    ['elsewhere', {}, /^The table holds 0 records/],
    ['password', {}, /^The loader mine printed the password of its connection/],
    ['hangs', { timeLimit: 1.5 }, /^The loader mine .*still running after 1\.5 s/],
    ['forks', {}, /^The loader mine .*sleep 60/],
    ['fails', {}, /^The loader mine ended with exit code 3/],
    ['keyless', {}, /^The loader mine left the table of its trial other than it was, without .*PRIMARY KEY \(id\)/],
    ['unlogged', {}, /other than it was, without records is logged, and with records is unlogged: have it put back/],
    ['drops', {}, /^The loader mine dropped the table of its trial/],
    [
      'lines',
      { ready: 'all is in', done: 'reading now' },
      /^The loader mine printed the line "reading now" \(done\) before the line "all is in" \(ready\)/,
    ],
  ]
  it.each(wrong)('fails where it does this: %s', async (what, more, message) => {
    if (what === 'elsewhere') {
      await rows('CREATE TABLE public.elsewhere (id int8, text_1 text, text_2 text, text_3 text, text_4 text)')
    }
    const trial = await by(loadingProgram(folder, what, more))
    if (what === 'elsewhere') await rows('DROP TABLE public.elsewhere')
    expect(trial).toMatchObject({ state: 'failed', error: { message: expect.stringMatching(message) } })
    expect(JSON.stringify(trial)).not.toContain(String(connection().config.password))
    expect(await rows("SELECT FROM pg_stat_activity WHERE application_name LIKE 'copylab/%'")).toEqual([])
  })

  it('ends with an abort, and leaves no process', async () => {
    const over = new AbortController()
    const treatment = { workers: 1, batchSize: 1_000, loader: { mine: loadingProgram(folder, 'hangs') } }
    const running = runTrial({ server, input, treatment, signal: over.signal })
    await expect
      .poll(() =>
        rows("SELECT FROM pg_stat_activity WHERE application_name LIKE 'copylab/%/observer' AND state = 'active'"),
      )
      .toHaveLength(1)
    over.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
  })
})

describe('a study of programs', () => {
  const study = (loader: LoaderProgram, more: Partial<StudyOptions> = {}) =>
    runStudy({
      name: 'loaders',
      server,
      input,
      factors: {
        workers: [1, 2],
        batchSize: 1_000,
        dispatch: ['split', 'queue'],
        loader: { copylab: {}, mine: loader },
      },
      blocks: 6,
      warmUpBlocks: 0,
      folder,
      onFound: () => {},
      ...more,
    })

  it('crosses them with what they take, compares and explains them, and knows another version', async () => {
    const loader = loadingProgram(folder)
    const first = await study(loader)
    expect(first.trials.filter(({ state }) => state === 'failed')).toEqual([])
    expect(first.plan.treatments.map(({ workers, dispatch, loader }) => `${workers} ${dispatch} ${loader}`)).toEqual([
      '1 split copylab',
      '1 split mine',
      '1 queue copylab',
      '2 split copylab',
      '2 split mine',
      '2 queue copylab',
    ])
    const digests = Object.values(first.plan.meanings.loader!.mine!.digests!)
    expect(digests).toHaveLength(2)
    const contrast = {
      a: { loader: 'mine', workers: 2 },
      b: { loader: 'copylab', workers: 2, dispatch: 'split' },
    } as const
    expect(sentenceOf(compare(first, contrast))).toMatch(
      /^loader mine vs loader copylab with 2 workers at 1K.*; the time of loader mine is from its start to its exit$/,
    )
    expect(sentenceOf(compare(first, { ...contrast, metric: 'exitMs' }))).not.toContain('the time of loader')
    const spent = explain(first, { at: contrast.a })
    expect(sentenceOf(spent)).toMatch(
      /^2 workers at 1K, loader mine took .* s .*; of its backends that is .* worker-seconds/,
    )
    expect(spent.rest!.share).toBeLessThan(0.5)

    const title = (figure: { readonly layout: object }): string => JSON.stringify(figure.layout)
    for (const plot of [plotPhases, plotBatchLatency]) {
      expect(title(plot(first))).toContain("Not drawn: loader mine (a program loaded, and only copylab's own workers")
      expect(title(plot(first, { where: { loader: 'copylab' } }))).not.toContain('Not drawn')
    }
    for (const plot of [plotPhases, plotBatchLatency, plotTimeline]) {
      const where = { loader: 'mine', workers: 2 } as const
      expect(title(plot(first, { where }))).toContain('Nothing to draw: a program loaded')
    }

    // A level that it does not take is not said of it, and need not be named.
    const queued = {
      a: { loader: 'mine', workers: 2 },
      b: { loader: 'copylab', workers: 2, dispatch: 'queue' },
    } as const
    expect(sentenceOf(compare(first, queued))).toMatch(/^loader mine vs loader copylab with 2 workers at 1K, queue: /)
    const again = await study(loader)
    expect(again.origin).toBe('disk')
    writeFileSync(loader.args![0]!, `${'\n'}// another version\n`, { flag: 'a' })
    expect(
      (await study(loader, { blocks: 1, factors: { workers: 1, batchSize: 1_000, loader: { mine: loader } } })).plan
        .hash,
    ).not.toBe(first.plan.hash)
  })

  it('says before anything is measured why a command cannot be run, and that no program can be copylab', async () => {
    const script = join(folder, 'load.sh')
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o644 })
    const told: [string, string][] = [
      ['./nowhere.sh', 'was not found: write its path from the folder'],
      ['copylab-test-nowhere', 'was not found: write its path from the folder'],
      [folder, `is a folder (${folder}): name the program in it`],
      [script, `may not be run (${script}): make it executable (chmod +x)`],
    ]
    for (const [command, message] of told) {
      await expect(study({ command })).rejects.toThrow(`The command ${command} of the loader mine ${message}`)
    }
    await expect(study({ command: ' ' })).rejects.toThrow('to be the name or path of a program')
    const factors = { workers: 1, loader: { copylab: { command: './nowhere.sh' } } }
    await expect(study({ command: 'sh' }, { factors })).rejects.toThrow(
      /^Expected the level `copylab` of `loader` to be empty, since it changes nothing, got a meaning for it: give that another name$/,
    )
  })

  const alone = (mine: LoaderProgram, name: string, blocks = 1) =>
    study(mine, { name, blocks, factors: { workers: 1, batchSize: 1_000, loader: { mine } } })
  const failedWith = (message: RegExp) => ({ state: 'failed', error: { message: expect.stringMatching(message) } })

  it('fails from the trial on in which its program is changed', async () => {
    const { trials } = await alone(loadingProgram(folder, 'edits'), 'edited', 2)
    const changed = failedWith(/load\.mjs of the loader mine was changed since.*such as run-\{workers\}\.log/)
    expect(trials).toMatchObject([changed, changed])
  })

  it('names a file that the program writes where an argument names it, and takes one with a placeholder for none of its own', async () => {
    const writing = (log: string): LoaderProgram => {
      const { args, ...loader } = loadingProgram(folder)
      return { ...loader, args: [...args!, join(folder, log)] }
    }
    expect((await alone(writing('run.log'), 'logged')).trials).toMatchObject([
      failedWith(
        /^The file .*run\.log, which an argument of the loader mine names, was not there.*run-\{workers\}\.log/,
      ),
    ])
    expect((await alone(writing('run.log'), 'logged')).trials).toMatchObject([failedWith(/run\.log of .* was changed/)])
    const first = await alone(writing('run-{workers}.log'), 'logged')
    expect(first.trials).toMatchObject([{ state: 'completed' }])
    expect(existsSync(join(folder, 'run-1.log'))).toBe(true)
    expect(await alone(writing('run-{workers}.log'), 'logged')).toMatchObject({ origin: 'disk', plan: first.plan })
  })
})
