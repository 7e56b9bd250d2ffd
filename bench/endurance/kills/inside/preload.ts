/**
 * Loaded into a client and its threads before copylab: counts what happens there, and kills at the
 * point that the order names.
 */

import child, { type ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import threads, { type WorkerOptions } from 'node:worker_threads'
import { watchFiles } from './files.js'
import { watchSockets } from './sockets.js'
import { put, shared } from './state.js'
import { noteGuardian, pass } from './strike.js'

watchSockets()
if (threads.isMainThread) {
  watchThreads()
  watchPrograms()
  watchProgress()
  watchFiles()
  syncBuiltinESMExports()
}

/** Gives the threads this file and the memory that they share. */
function watchThreads(): void {
  const { Worker } = threads
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: WorkerOptions) {
      super(file, { ...options, execArgv: ['--import', import.meta.url], workerData: { shared } })
    }
  }
}

function watchPrograms(): void {
  const { spawn } = child
  const watched = (...given: [string, (readonly string[])?, object?]): ChildProcess =>
    pass('program', () => {
      const program = Reflect.apply(spawn, child, given) as ChildProcess
      const args = given[1] ?? []
      const at = args.indexOf('-D')
      if (at >= 0 && given[0] === '/bin/sh' && program.pid !== undefined) noteGuardian(program.pid, args[at + 1]!)
      return program
    })
  child.spawn = watched as typeof spawn
}

function watchProgress(): void {
  const write = process.stderr.write.bind(process.stderr) as (text: string) => boolean
  process.stderr.write = ((text: string): boolean => {
    const [, phase, place = ''] = /(block \d+\/\d+|warm-up), ([^-]*)/.exec(text) ?? []
    if (phase !== undefined) {
      put('measured', phase === 'warm-up' ? 0 : 1)
      put('threads', place.includes('threads') ? 1 : 0)
    }
    const middle = text.length >> 1
    return pass('progress', () => write(text), {
      halves: { first: () => void write(text.slice(0, middle)), rest: () => write(text.slice(middle)) },
    })
  }) as typeof process.stderr.write
}
