import { Option } from 'commander'
import type { Consent } from '../../entries/executor.js'
import type { StatusLine } from '../terminal/progress.js'
import { ask, isTerminal } from './ask.js'

/** Option by which a command may run trials on a server that others may use. */
export interface ConsentFlags {
  readonly yes?: boolean
}

export function yesOption(): Option {
  return new Option('--yes', 'run on a server that copylab did not start and that is not this machine, without asking')
}

/**
 * Returns the function that a study asks before it uses a server that others may use: it prints
 * what would be done there, and asks unless `--yes` is given. Null where nobody can be asked.
 */
export function consentOf({ yes }: ConsentFlags, line: StatusLine, signal: AbortSignal): Consent {
  if (!yes && !isTerminal()) return false
  return async (undertaking) => {
    line.end()
    process.stderr.write(`${undertaking}\n`)
    return yes || (await ask('Go on?', signal))
  }
}
