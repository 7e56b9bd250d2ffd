import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type CompletedTrial,
  csv,
  embedded,
  type Input,
  type Progress,
  readStudy,
  runStudy,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { builtFile, projectRoot } from '../../../src/project.js'
import { useRunningServer } from '../running-server.js'

const { server, connection } = useRunningServer()

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab sessions '))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await expect.poll(() => clientProcesses()).toEqual([])
})

const small = synthetic({ records: 4_000, width: 60 })
const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  name: 'made',
  server,
  input: small,
  factors: { workers: [1, 2], batchSize: 1_000 },
  sessions: 2,
  blocks: 4,
  folder,
  ...changes,
})

/** The processes below another that run the trials of a session, with their arguments. */
function clientProcesses(parent = process.pid): { readonly pid: number; readonly args: string }[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return listed.split('\n').flatMap((line) => {
    const [, pid, ppid, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(ppid) === parent && args?.includes('session-main') ? [{ pid: Number(pid), args }] : []
  })
}

describe('a study in sessions', () => {
  it('starts a server and a client process for each, with a warm-up of its own', async () => {
    const seen = new Map<string, { readonly pid: number; readonly args: string }[]>()
    const onProgress = ({ message, trial }: Progress): void => {
      if (trial) seen.set(/session \d+\/\d+/.exec(message)![0], clientProcesses())
    }
    const factors = { workers: 2, batchSize: 1_000, client: ['event-loop', 'threads'], encoding: 'binary' } as const
    const study = await runStudy(options({ server: embedded(), factors, sessions: 3, blocks: 3, onProgress }))
    expect([...seen.keys()]).toEqual(['session 1/3', 'session 2/3', 'session 3/3'])
    expect([...seen.values()].map(({ length }) => length)).toEqual([1, 1, 1])
    expect(new Set([...seen.values()].map(([own]) => own!.pid)).size).toBe(3)
    const trials = study.trials as CompletedTrial[]
    expect(trials.map(({ block }) => block)).toEqual([0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 3, 3])
    expect(trials.every(({ state }) => state === 'completed')).toBe(true)
    // A server reads its configuration once, when it starts.
    const starts = trials.map(({ configurationLoadedAt }) => configurationLoadedAt)
    expect(new Set(starts).size).toBe(3)
    for (const session of [0, 4, 8]) expect(new Set(starts.slice(session, session + 4)).size).toBe(1)
    expect(study.contexts.map(({ findings }) => findings.map(({ code }) => code))).not.toContain('server-not-restarted')
    expect(trials.every(({ clientCpuMs }) => clientCpuMs !== null && clientCpuMs > 0)).toBe(true)
    expect(readStudy('made', { folder })).toMatchObject({ plan: { blocksPerSession: 1 }, damaged: [], brokenOff: [] })
  })

  it('keeps passwords out of the arguments of the process', async () => {
    const args: string[] = []
    await runStudy(options({ onProgress: () => args.push(...clientProcesses().map((own) => own.args)) }))
    expect(args.length).toBeGreaterThan(0)
    for (const own of args) expect(own).not.toContain(connection().config.password)
  })

  it('has new connections alone on a server that copylab did not start, and says so', async () => {
    const facts = { ...connection().facts, kind: 'url' }
    const others = { ...server, use: (task: Parameters<typeof server.use>[0]) => task({ ...connection(), facts }) }
    const { contexts } = await runStudy(options({ server: others as typeof server }))
    expect(contexts).toHaveLength(2)
    for (const { findings } of contexts) expect(findings.map(({ code }) => code)).toContain('server-not-restarted')
  })

  it('asks for consent once', async () => {
    const facts = { ...connection().facts, host: 'db.example.org' }
    const others = { ...server, use: (task: Parameters<typeof server.use>[0]) => task({ ...connection(), facts }) }
    const asked: string[] = []
    const yes = (undertaking: string): boolean => asked.push(undertaking) > 0
    await runStudy(options({ server: others as typeof server, yes }))
    expect(asked).toEqual([expect.stringMatching(/12 trials/)])
    await expect(
      runStudy(options({ name: 'declined', server: others as typeof server, yes: () => false })),
    ).rejects.toThrow(/db\.example\.org/)
  })

  it('goes on after an abort with a session more, which runs the broken block from its beginning', async () => {
    const abort = new AbortController()
    const stop = new Error('enough')
    let trials = 0
    // Within block 2 of session 1: after the warm-up, block 1 and one trial.
    const onProgress = ({ trial }: Progress): void => {
      if (trial && ++trials === 5) abort.abort(stop)
    }
    await expect(runStudy(options({ signal: abort.signal, onProgress }))).rejects.toBe(stop)
    const study = await runStudy(options())
    expect(study.contexts).toHaveLength(3)
    expect(study.brokenOff.map(({ block }) => block)).toEqual([2])
    expect(study.trials.filter(({ block }) => block > 0).map(({ block }) => block)).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    expect(await runStudy(options())).toMatchObject({ origin: 'disk', brokenOff: [{ block: 2 }] })
  })

  it('ends when the process of a session is killed, keeps its trials, and continues', async () => {
    let trials = 0
    const onProgress = ({ trial }: Progress): void => {
      if (trial && ++trials === 4) for (const { pid } of clientProcesses()) process.kill(pid, 'SIGKILL')
    }
    await expect(runStudy(options({ onProgress }))).rejects.toThrow(
      /^The process that loads for the session has ended \(SIGKILL\)\. 2 trials are kept; the same command continues/,
    )
    const { contexts, trials: all } = await runStudy(options())
    expect(contexts).toHaveLength(3)
    expect(all.filter(({ state, block }) => state === 'completed' && block > 0)).toHaveLength(8)
  })

  it('ends with its parent, however that ends', async () => {
    const script = `
      const { embedded, runStudy, synthetic } = await import(${JSON.stringify(builtFile('entries/executor.js'))})
      const input = synthetic({ records: 300_000 })
      const onProgress = ({ trial }) => { if (trial) process.stdout.write('trial\\n') }
      const folder = ${JSON.stringify(folder)}
      const server = embedded({ folder })
      await runStudy({ name: 'killed', server, input, factors: {}, sessions: 2, folder, onProgress })`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: projectRoot })
    await once(parent.stdout, 'data')
    const [child] = clientProcesses(parent.pid)
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    const isThere = (): boolean => {
      try {
        return process.kill(child!.pid, 0)
      } catch {
        return false
      }
    }
    await expect.poll(isThere, { timeout: 20_000 }).toBe(false)
  })

  it('records a trial that fails in another process as data, and runs its block again', async () => {
    const factors = { batchSize: 4_000, settings: { default: {}, hasty: { statement_timeout: '1ms' } } } as const
    const failing = options({ factors, warmUpBlocks: 0, sessions: 1, blocks: 1 })
    const { trials } = await runStudy(failing)
    const failed = trials.flatMap((trial) => (trial.state === 'failed' ? [trial] : []))
    expect(trials).toHaveLength(2)
    expect(failed).toMatchObject([
      { treatment: { settings: 'hasty' }, error: { name: 'CopyError', sqlState: '57014' } },
    ])
    expect((await runStudy(failing)).brokenOff).toHaveLength(2)
  })

  it('refuses files that functions of their own read, and an analysis that needs its scope', async () => {
    const own: Input = { ...small, files: async (given) => (await small.files(given)).map((file) => ({ ...file })) }
    await expect(runStudy(options({ input: own }))).rejects.toThrow(
      /synthetic-00001 cannot be read by the process of a session.*leave `sessions` out/,
    )
    const path = join(folder, 'items.csv')
    writeFileSync(path, 'id\n1\n2\n')
    const add = 5
    const analyse = (fields: readonly string[]) => [Number(fields[0]) + add]
    const scoped = csv(path, { columns: { id: 'int8' }, analyse, header: true })
    await expect(runStudy(options({ input: scoped }))).rejects.toThrow(
      /`analyse` uses `add`, which the process of a session does not know: .*leave `sessions` out/,
    )
  })
})
