import { fork } from 'node:child_process'
import { once } from 'node:events'
import { builtFile } from '../../../project.js'
import type { KeptProgram, ProgramEnd } from './keep-program.js'
import { endRun } from './run-processes.js'

/** What a keeper is told: the program to run, and to end it. */
export type KeeperOrder = KeptProgram | 'end'

/** What a keeper tells: the program's process id, and how it ended. */
export type KeeperNews = { readonly started: number } | { readonly ended: ProgramEnd } | { readonly failed: string }

/** A keeper that ended before it told how the program did: "signal SIGKILL". */
export interface LostKeeper {
  readonly state: 'lost'
  readonly reason: string
}

/**
 * Runs a program under a keeper: a process between this one and the program, which outlives this
 * one for as long as it takes to end the program. It measures the program without what this process
 * and its other children do. An abort ends the program. Returns once the program, what it started
 * and the keeper are gone.
 */
export async function underKeeper(program: KeptProgram, signal: AbortSignal): Promise<ProgramEnd | LostKeeper> {
  // In a session of its own: Ctrl-C in the terminal does not reach it. What it runs stands in no
  // command line, where others could read the environment's password.
  const keeper = fork(builtFile('executor/load/program/keeper-main.js'), {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH },
    execArgv: [],
    // JSON has no endless time limit.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let group: number | null = null
  let end: ProgramEnd | null = null
  let failure: string | null = null
  const tell = (order: KeeperOrder): void => {
    // A keeper that is gone is noticed by its end.
    if (keeper.connected) keeper.send(order, () => {})
  }
  keeper.on('message', (news: KeeperNews) => {
    if ('started' in news) {
      group = news.started
      return
    }
    if ('ended' in news) end = news.ended
    else failure = news.failed
    keeper.disconnect()
  })
  const onAbort = (): void => tell('end')
  signal.addEventListener('abort', onAbort, { once: true })
  tell(program)
  try {
    const [code, killedBy] = await once(keeper, 'exit')
    if (end !== null) return end
    await endRun({ group, token: program.token })
    return { state: 'lost', reason: failure ?? (killedBy ? `signal ${killedBy}` : `exit code ${code}`) }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
