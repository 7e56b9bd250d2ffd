import { parseArgs } from 'node:util'
import { checkNames, integerOf } from '#copylab/check.js'

/** Options of the command line. */
export interface Flags {
  readonly help: boolean
  readonly list: boolean
  /** Names of the parts to run. */
  readonly only: readonly string[]
  readonly rounds: number
  readonly records: number
  readonly peers: boolean
  readonly write: boolean
}

export const usage =
  'npm run bench -- [--list] [--only loading,import] [--rounds 12] [--records 717000] [--peers] [--write]'

/** Flights that there are. */
const maxRecords = 3_000_000

/**
 * Reads the command line. Throws `TypeError` or `RangeError` in one sentence for what it does not
 * know.
 */
export function readFlags(args: readonly string[], partNames: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string', default: '12' },
      records: { type: 'string', default: '717000' },
      peers: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  const { help, list, peers, write } = values
  const only = values.only === undefined ? partNames : values.only.split(',').map((name) => name.trim())
  checkNames(only, partNames, '`--only` to name parts')
  const rounds = integerOf('--rounds', values.rounds, { from: 1, to: 10_000 })
  const records = integerOf('--records', values.records, { from: 1, to: maxRecords })
  return { help, list, only, rounds, records, peers, write }
}
