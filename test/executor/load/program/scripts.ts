import { spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import { type ProgramToRun, runProgram } from '../../../../src/executor/load/program/run-program.js'

/** The folder of a test, in which its programs are. */
export let folder: string

/** Gives each test a folder, and sees that it leaves no keeper and no process of its programs. */
export function inFolders(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'program-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
    expect(processes().filter(({ command }) => command.includes(folder))).toEqual([])
    expect(processes().filter(({ ppid, command }) => ppid === process.pid && /keeper-main/.test(command))).toEqual([])
  })
}

/** Writes a program of the test: its first line says what runs it. */
export function program(name: string, lines: readonly string[], mode = 0o755): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  chmodSync(join(folder, name), mode)
  return `./${name}`
}

export const sh = (...lines: string[]): string => program('load.sh', ['#!/bin/sh', ...lines])
export const node = (...lines: string[]): string => program('load.cjs', [`#!${process.execPath}`, ...lines])

export const signal = new AbortController().signal

/** The level of a command, as it is when a test says nothing else. */
export function level(command: string, options: Partial<ProgramToRun> = {}): ProgramToRun {
  const fixed = {
    name: 'psql',
    args: [],
    folder,
    ready: null,
    done: null,
    limitMs: 60_000,
    secrets: [],
    own: null,
    signal,
  }
  return { ...fixed, command, env: { PATH: process.env.PATH!, FOLDER: folder }, ...options }
}

/** Runs a program that fails, and returns its error's message. */
export async function failure(command: string, options: Partial<ProgramToRun> = {}): Promise<string> {
  const run = runProgram(level(command, options))
  const error = await run.then(
    () => expect.fail('the program did not fail'),
    (reason: Error) => reason,
  )
  expect(error.name).toBe('ProgramError')
  expect(getEventListeners(options.signal ?? signal, 'abort')).toEqual([])
  return error.message
}

/** Waits for a file that a program writes into the folder, and returns what is in it. */
export async function written(name: string): Promise<string> {
  const path = join(folder, name)
  await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'), { interval: 10 }).toBe(true)
  return readFileSync(path, 'utf8').trim()
}

/** Whether a process is there, and more than an entry that nobody has waited for. */
export function isAlive(pid: number | string): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

function processes(): { readonly ppid: number; readonly command: string }[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'ppid=', '-o', 'command='], { encoding: 'utf8' })
  return stdout.split('\n').map((line) => {
    const [, ppid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return { ppid: Number(ppid), command: command ?? '' }
  })
}
