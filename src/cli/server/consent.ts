import { Option } from 'commander'
import type { Consent } from '../../entries/executor.js'
import type { StatusLine } from '../terminal/progress.js'
import { ask, isTerminal } from './ask.js'

/** Whether a command may run trials on a server that others may use. */
export interface ConsentFlags {
  readonly yes?: boolean
}

export function yesOption(): Option {
  return new Option('--yes', 'run on a server that copylab did not start and that is not this machine, without asking')
}

/**
 * Tells what would be done on such a server, and asks, unless that was said beforehand; null where
 * there is nobody to ask.
 */
export function consentOf({ yes }: ConsentFlags, line: StatusLine, signal: AbortSignal): Consent {
  if (!yes && !isTerminal()) return false
  return async (undertaking) => {
    line.end()
    process.stderr.write(`${undertaking}\n`)
    return yes || (await ask('Go on?', signal))
  }
}
