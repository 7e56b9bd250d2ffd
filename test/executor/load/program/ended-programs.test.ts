import { spawn, spawnSync } from 'node:child_process'
import { getEventListeners, once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { processesOfPs } from '../../../../src/executor/load/program/run-processes.js'
import { type ProgramToRun, runProgram } from '../../../../src/executor/load/program/run-program.js'
import { projectRoot } from '../../../../src/project.js'
import { failure, folder, inFolders, isAlive, level, sh, written } from './scripts.js'

inFolders()

const linux = process.platform === 'linux'
/** Ignores SIGTERM, as its child does: it writes the process ids of both. */
const stubborn = ['trap "" TERM', 'sleep 60 &', 'echo "$$ $!" > pids', 'while :; do sleep 60; done']
const pids = async (): Promise<string[]> => (await written('pids')).split(' ')

describe('a program that takes too long', () => {
  it('is ended with its children, although they ignore SIGTERM', async () => {
    const message = await failure(sh('echo working', ...stubborn), { limitMs: 1_000 })
    expect(message).toBe(
      'The loader psql was still running after 1 s (its time limit) and was ended; its last lines:\nworking',
    )
    expect((await pids()).map(isAlive)).toEqual([false, false])
  })

  it('may end by itself on SIGTERM', async () => {
    const load = sh('trap "echo rolled back; exit 0" TERM', 'sleep 60 & wait')
    expect(await failure(load, { limitMs: 1_000 })).toMatch(/was still running after 1 s .*\nrolled back$/)
  })

  it('has no limit of less than it says: an endless one is none', async () => {
    await runProgram(level(sh('sleep 0.1'), { limitMs: Number.POSITIVE_INFINITY }))
    await runProgram(level(sh('sleep 0.1'), { limitMs: 1e12 }))
  })
})

describe('an abort', () => {
  it('ends all that the program started, and throws the reason of the signal then', async () => {
    const abort = new AbortController()
    const load = sh('sleep 60 &', 'echo "$$ $!" > pids', 'sleep 60')
    const running = runProgram(level(load, { signal: abort.signal }))
    const reason = new Error('enough')
    const started = await pids()
    expect(started.map(isAlive)).toEqual([true, true])
    abort.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect(started.map(isAlive)).toEqual([false, false])
    expect(getEventListeners(abort.signal, 'abort')).toEqual([])
  })

  it('at once, or before, starts nothing that stays', async () => {
    const abort = new AbortController()
    const running = runProgram(level(sh('sleep 60'), { signal: abort.signal }))
    abort.abort('stop')
    await expect(running).rejects.toBe('stop')
    await expect(runProgram(level(sh('echo ran > ran'), { signal: abort.signal }))).rejects.toBe('stop')
    expect(() => readFileSync(join(folder, 'ran'))).toThrow(/ENOENT/)
  })
})

describe('a program that leaves a process', () => {
  it('fails, names it and ends it, also one that ignores SIGTERM and holds the output', async () => {
    const load = sh(`(trap '' TERM; exec sleep 61) &`, 'echo $! > pids', 'exit 0')
    const message = await failure(load)
    const [pid] = await pids()
    expect(message).toBe(
      `The loader psql ended and left running what it had started, which was ended then: process ${pid} (sleep 61). Have it wait for all that it starts`,
    )
    expect(isAlive(pid!)).toBe(false)
  })

  it.runIf(linux)('that has a session and no parent of its own is found by its environment', async () => {
    const load = sh(
      "(setsid sh -c 'echo $$ > pids; exec sleep 62' >/dev/null 2>&1 &)",
      'until test -s pids; do sleep 0.02; done',
    )
    const message = await failure(load)
    const [pid] = await pids()
    expect(message).toContain(`process ${pid} (sleep 62)`)
    expect(isAlive(pid!)).toBe(false)
  })

  it('does not fail for one that is just ending', async () => {
    await runProgram(level(sh('sleep 0.05 &')))
  })

  it.runIf(linux).each([
    ['it is silent', 'exec sleep 63'],
    ['it prints on', 'while :; do echo more; sleep 0.05; done'],
  ])('that cannot be found does not hold up the run by the open output: %s', async (_, stays) => {
    const load = sh(`env -i setsid sh -c 'echo $$ > pids; ${stays}' &`, 'until test -s pids; do sleep 0.02; done')
    const running = runProgram(level(load))
    const [pid] = await pids()
    await running
    if (stays.startsWith('exec')) process.kill(Number(pid))
    await expect.poll(() => isAlive(pid!)).toBe(false)
  })
})

/** Arguments of Node.js for a script that runs a level, and tells a moment later what holds it. */
function labArgs(told: ProgramToRun): string[] {
  const module = JSON.stringify(join(projectRoot, 'dist/executor/load/program/run-program.js'))
  const script = `import { runProgram } from ${module}
    await runProgram({ ...JSON.parse(process.argv[1]), signal: new AbortController().signal }).catch(() => {})
    setTimeout(() => console.log(process.getActiveResourcesInfo().join()), 100)`
  return ['--input-type=module', '--eval', script, JSON.stringify({ ...told, signal: null })]
}

it.each(['exit 0', 'exit 1', 'sleep 60 & exit 0'])('nothing keeps this process after `%s`', (line) => {
  // Node.js counts a pipe that is its standard error, too.
  const lab = spawnSync(process.execPath, labArgs(level(sh(line))), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  expect(lab).toMatchObject({ status: 0, stdout: 'Timeout\n' })
})

describe('a program whose lab is gone', () => {
  it('is ended when this process is killed, with what it started and its files', async () => {
    const own = join(folder, 'own')
    mkdirSync(own)
    writeFileSync(join(own, 'pgpass'), 'of the run')
    const args = labArgs(level(sh('(setsid sleep 64 & echo "$$ $!" > pids)', 'sleep 65'), { own }))
    const lab = spawn(process.execPath, args, { stdio: 'inherit' })
    const ended = once(lab, 'exit')
    const started = await pids()
    expect(started.map(isAlive)).toEqual([true, true])
    lab.kill('SIGKILL')
    await ended
    for (const pid of started) await expect.poll(() => isAlive(pid)).toBe(false)
    await expect.poll(() => existsSync(own)).toBe(false)
  })

  it('is ended, and the run fails, when its keeper is killed', async () => {
    const message = failure(sh('echo "$$ $PPID" > pids', 'sleep 66'))
    const [program, keeper] = await pids()
    process.kill(Number(keeper), 'SIGKILL')
    expect(await message).toBe(
      'The process that measures the loader psql ended before it (signal SIGKILL), so the loader was ended: run it again',
    )
    expect(isAlive(program!)).toBe(false)
  })
})

it('processesOfPs finds the processes of a group, and none that has ended', async () => {
  const child = spawn('sh', ['-c', 'sleep 67 & wait'], { detached: true, stdio: 'ignore' })
  const group = child.pid!
  await expect
    .poll(() => processesOfPs({ group }).map(({ command }) => command))
    .toEqual(['sh -c sleep 67 & wait', 'sleep 67'])
  const ended = once(child, 'exit')
  process.kill(-group, 'SIGKILL')
  await ended
  await expect.poll(() => processesOfPs({ group })).toEqual([])
})
