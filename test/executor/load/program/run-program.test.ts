import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { monotonicMs } from '../../../../src/executor/clock.js'
import { failureToStart } from '../../../../src/executor/load/program/program-failures.js'
import { runProgram } from '../../../../src/executor/load/program/run-program.js'
import { whyNoPeak } from '../../../../src/executor/load/program/sample-group.js'
import { failure, folder, inFolders, level, node, program, sh, signal, written } from './scripts.js'

inFolders()

describe('runProgram', () => {
  it('runs a command with its arguments, folder and environment, and nothing else in that, without input', async () => {
    const load = node(
      "const input = require('node:fs').readFileSync(0, 'utf8')",
      'const seen = { args: process.argv.slice(2), cwd: process.cwd(), env: process.env, input }',
      "require('node:fs').writeFileSync('seen.json', JSON.stringify(seen) + '\\n')",
    )
    const env = { PATH: process.env.PATH!, 'odd.name': 'a b', EMPTY: '' }
    await runProgram(level(load, { args: ['a b', '$HOME', '*'], env }))
    const seen = JSON.parse(await written('seen.json'))
    const { COPYLAB_RUN, __CF_USER_TEXT_ENCODING, ...others } = seen.env
    expect({ ...seen, env: others }).toEqual({ args: ['a b', '$HOME', '*'], cwd: folder, env, input: '' })
    expect(COPYLAB_RUN).toMatch(/^[\da-f-]{36}$/)
  })

  it('finds a command in the PATH of the environment', async () => {
    program('copylab-test-load', ['#!/bin/sh', 'echo found'])
    await runProgram(level('copylab-test-load', { env: { PATH: folder }, ready: 'found' }))
  })

  it('says when the first line of `ready` and the last of `done` came, on either stream', async () => {
    const load = sh(
      ...['sleep 0.2', 'printf "  ready to load \\r\\n" >&2', 'echo "not ready to load"', 'echo done', 'sleep 0.2'],
      ...['echo ready to load', 'echo done', 'sleep 0.2', 'printf done'],
    )
    const before = monotonicMs()
    const run = await runProgram(level(load, { ready: 'ready to load', done: ' done' }))
    expect(run.startedAt).toBeGreaterThan(before)
    expect(run.readyAt! - run.startedAt).toBeGreaterThan(190)
    // The last one has no line end: it is a line once the program has ended.
    expect(run.doneAt! - run.readyAt!).toBeGreaterThan(390)
    expect(run.exitedAt).toBeGreaterThanOrEqual(run.doneAt!)
    expect(monotonicMs()).toBeGreaterThan(run.exitedAt)
  })

  it('has no times of lines that are not asked for', async () => {
    expect(await runProgram(level(sh('echo ready')))).toMatchObject({ readyAt: null, doneAt: null })
  })

  it('names the line that was not printed', async () => {
    const load = sh('echo begun')
    const message = await failure(load, { ready: 'begun', done: 'all "done"' })
    expect(message).toContain(
      'The loader psql ended with exit code 0 and did not print the line of `done`: "all \\"done\\"".',
    )
    expect(message).toMatch(/its last lines:\nbegun$/)
    expect(await failure(load, { ready: 'a', done: 'b' })).toContain(
      'the line of `ready`: "a", nor that of `done`: "b"',
    )
  })

  it('reads as much as a program prints, and keeps the last lines, cut, without control characters', async () => {
    const load = node(
      "const line = 'x'.repeat(1 << 20)",
      "for (let k = 0; k < 100; k++) require('node:fs').writeSync(1, line)",
      "let text = ''",
      'for (let k = 0; k < 30; k++) text += "\\x1b[31mline\\x1b[0m\\t" + k + "\\x07\\r\\n"',
      "require('node:fs').writeSync(2, text)",
      'process.exitCode = 3',
    )
    const message = await failure(load)
    expect(message).toMatch(/^The loader psql ended with exit code 3; its last lines:\n/)
    const lines = message.split('\n').slice(1)
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(lines).toEqual(expect.arrayContaining(['line 15', 'line 29']))
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(301)
    expect(message).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('says that two lines came together, of which it cannot tell the time between', async () => {
    expect(await failure(sh("printf 'begun\\nended\\n'"), { ready: 'begun', done: 'ended' })).toBe(
      'The loader psql printed the lines "begun" (ready) and "ended" (done) at one moment, so no time lies between them: have it write each line out at once, or load more records',
    )
  })

  it('finds a line among many, and is not stopped by them', async () => {
    const load = sh('yes | head -c 20000000', 'echo here', 'yes | head -c 20000000', 'echo here; exit 0')
    const run = await runProgram(level(load, { ready: 'here', done: 'here' }))
    expect(run.doneAt).toBeGreaterThan(run.readyAt!)
  })

  it('says with which code, or by which signal, a program ended', async () => {
    expect(await failure(sh('exit 4'))).toBe('The loader psql ended with exit code 4; it printed nothing')
    expect(await failure(sh('echo out of luck; kill -KILL $$'))).toBe(
      'The loader psql ended by signal SIGKILL; its last lines:\nout of luck',
    )
  })
})

describe('a command that cannot be run', () => {
  it.each([
    [
      'was not found',
      () => './none.sh',
      /^The command \.\/none\.sh of the loader psql was not found: .* the folder \//,
    ],
    ['is in no folder of PATH', () => 'copylab-test-none', /^The command copylab-test-none .* was not found: /],
    ['may not be run', () => program('load.sh', ['#!/bin/sh'], 0o644), /may not be run \(EACCES\): .*chmod \+x/],
    ['is a folder', () => folder, /^The command \/.* of the loader psql is a folder: name the program in it$/],
    [
      'names no interpreter',
      () => program('load.sh', ['#!/no/such/sh']),
      /a line #! that names a program that was not/,
    ],
    ['is empty', () => '', /^The command {2}of the loader psql could not be started: /],
  ])('is told: one that %s', async (_, command, message) => {
    expect(await failure(command())).toMatch(message)
  })

  it('is told: one whose folder is not there', async () => {
    const none = join(folder, 'none')
    expect(await failure('sh', { folder: none })).toBe(
      `The folder ${none} of the loader psql was not found: make it, or name another`,
    )
  })

  it('is told: a script without a first line, where the system does not give it to a shell', async () => {
    // The C library of most Linux systems runs it by /bin/sh.
    const script = level(program('load', ['echo run']), { ready: 'run' })
    const said = await runProgram(script).then(
      ({ readyAt }) => readyAt,
      ({ message }) => message,
    )
    const message = failureToStart(script, { state: 'not-started', code: 'ENOEXEC', message: '' })
    expect(message).toMatch(/^The command \.\/load of the loader psql .*\(ENOEXEC\).* #!\/bin\/sh$/)
    expect(said === message || typeof said === 'number').toBe(true)
  })
})

it('a command with more arguments than the system takes is told so', async () => {
  const args = Array.from({ length: 100 }, () => 'x'.repeat(100_000))
  expect(await failure(sh('exit 0'), { args })).toMatch(
    /^The command .* of the loader psql was given more arguments and variables than the system takes \(E2BIG\): shorten/,
  )
})

describe('a secret', () => {
  const secret = 'Hid/den-7f3a"9'
  const printed =
    'The loader psql printed the password of its connection, and was ended: have it print none (its output is not kept)'

  it.each([
    ['in one line', ['echo "it is $SECRET."', 'sleep 60']],
    ['on the other stream, in a URL, as the last thing', ['printf %s postgres://me:Hid%2Fden-7f3a%229@host/db >&2']],
    ['in two chunks', ['printf Hid/den', 'sleep 0.3', `printf -- '-7f3a"9'`, 'sleep 60']],
    ['in a long line', ['echo "$SECRET$(head -c 200000 /dev/zero | tr "\\0" x)"', 'exit 2']],
    ['in two lines', ['printf "Hid/den\\n%s\\n" \'-7f3a"9\'', 'exit 2']],
    ['with a colour in it', [`printf 'Hid/\\033[1mden-7f3a"9\\n'`]],
  ])('makes the run fail: %s', async (_, lines) => {
    const env = { PATH: process.env.PATH!, SECRET: secret }
    expect(await failure(sh(...lines), { env, secrets: ['', secret] })).toBe(printed)
  })

  it('that is an ordinary word counts only where a password stands', async () => {
    const secrets = ['postgres']
    await runProgram(level(sh('echo You are connected to database postgres as user postgres'), { secrets }))
    expect(await failure(sh('echo connecting with password=postgres'), { secrets })).toBe(printed)
  })

  it('is masked in what is told of a process that was left', async () => {
    const load = sh(`sh -c 'sleep 60; : "$0"' 'Hid/den-7f3a"9' &`, 'exit 0')
    const message = await failure(load, { secrets: [secret] })
    expect(message).toContain('***')
    expect(message).not.toContain(secret)
  })
})

describe.runIf(process.platform === 'linux')('what a program uses', () => {
  const burn = (ms: number): string[] => [
    'const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000 }',
    `while (used() < ${ms}) Math.sqrt(2)`,
  ]

  it('is the CPU time of its children too, and of no other process', async () => {
    const other = program('other.cjs', [`#!${process.execPath}`, ...burn(1_000)])
    program('child.cjs', [`#!${process.execPath}`, ...burn(300)])
    const load = sh('./child.cjs', 'until test -e go; do sleep 0.1; done')
    const running = runProgram(level(load))
    await once(spawn(other, { cwd: folder }), 'exit')
    writeFileSync(join(folder, 'go'), '')
    const { cpuMs, samples } = await running
    expect(cpuMs).toBeGreaterThanOrEqual(290)
    expect(cpuMs).toBeLessThan(1_000)
    const sampled = samples!.map((sample) => sample.cpuMs)
    expect(sampled).toEqual([...sampled].sort((a, b) => a - b))
    expect(sampled.at(-1)).toBeGreaterThanOrEqual(290)
    expect(sampled.at(-1)).toBeLessThanOrEqual(cpuMs! + 50)
  })

  it('is told from line to line too: of the program and its children, without what stands around', async () => {
    const burning = [`#!${process.execPath}`, ...burn(300)]
    for (const name of ['before.cjs', 'within.cjs', 'after.cjs']) program(name, burning)
    const around = sh('./before.cjs', 'echo ready', './within.cjs', 'echo done', './after.cjs')
    const run = await runProgram(level(around, { ready: 'ready', done: 'done' }))
    expect(run.cpuMs).toBeGreaterThanOrEqual(870)
    expect(run.betweenLinesCpuMs).toBeGreaterThanOrEqual(270)
    expect(run.betweenLinesCpuMs).toBeLessThan(run.cpuMs! - 540)

    // The last line of a program that has ended by the time it is read.
    const last = node('console.log("ready")', ...burn(300), 'process.stdout.write("done")')
    const ended = await runProgram(level(last, { ready: 'ready', done: 'done' }))
    expect(ended.betweenLinesCpuMs).toBeGreaterThanOrEqual(270)
    expect(ended.betweenLinesCpuMs).toBeLessThanOrEqual(ended.cpuMs!)

    const one = await runProgram(level(sh('./within.cjs', 'echo done'), { done: 'done' }))
    expect(one.betweenLinesCpuMs).toBeNull()
  })

  it('is the memory of all processes of its group at its peak', async () => {
    const child = program('child.cjs', [
      `#!${process.execPath}`,
      'const kept = Buffer.alloc(80e6, 1)',
      "process.once('message', () => process.exit(kept[0] - 1))",
      "process.send('ready')",
    ])
    const load = node(
      "const { fork } = require('node:child_process')",
      `const children = [1, 2].map(() => fork('${child}'))`,
      "const ready = children.map((one) => new Promise((said) => one.once('message', said)))",
      "Promise.all(ready).then(() => setTimeout(() => { for (const one of children) one.send('end') }, 700))",
    )
    const { rssPeakBytes, samples, startedAt, exitedAt } = await runProgram(level(load))
    expect(rssPeakBytes).toBeGreaterThan(160e6)
    expect(rssPeakBytes).toBe(Math.max(...samples!.map(({ rssBytes }) => rssBytes)))
    const times = samples!.map(({ atMs }) => atMs)
    expect(times.length).toBeGreaterThanOrEqual(2)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(0)
    expect(times.at(-1)).toBeLessThan(exitedAt - startedAt)
  })
})

it.runIf(process.platform === 'linux')('a program that ends before its first sample has no peak, and why', async () => {
  const empty = async () => {
    const { rssPeakBytes, samples } = await runProgram(level('true'))
    return samples!.length === 0 && { rssPeakBytes, why: whyNoPeak(samples) }
  }
  // A sample may come just in time.
  await expect
    .poll(empty, { timeout: 10_000 })
    .toEqual({ rssPeakBytes: null, why: 'the program ended before its first sample was taken' })
  expect(whyNoPeak(null)).toBe('the system has no /proc')
})

it('runs several programs at the same time, each by itself', async () => {
  const load = sh('sleep 0.2; echo "$1"; exit "$2"')
  const run = (word: string, code: string) => level(load, { args: [word, code], ready: word, signal })
  const [a, b, c] = await Promise.allSettled([run('a', '0'), run('b', '5'), run('c', '0')].map(runProgram))
  expect([a!.status, b!.status, c!.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
