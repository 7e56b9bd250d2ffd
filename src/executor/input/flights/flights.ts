import { join } from 'node:path'
import { checkedChoice, checkedInteger, checkedOptions } from '../../../check.js'
import { dataFolder } from '../../../project.js'
import type { Table } from '../../../study/table/table.js'
import type { Input, OnBadRecord } from '../input.js'
import { dayFile } from './read-day.js'
import { ensureDaysWritten, type WrittenDay } from './write-days.js'

/** Options of `flights`. */
export interface FlightsOptions {
  /**
   * Number of flights, at most 3,000,000.
   * @default 717_000
   */
  readonly records?: number
  /**
   * Number of flights to skip first.
   * @default 0
   */
  readonly offset?: number
  /**
   * Policy for bad lines.
   * @default 'stop'
   */
  readonly onBadRecord?: OnBadRecord
}

/** The data set: the year of its flights, and their number. */
export const flightsData = { year: 2001, records: 3_000_000 } as const

const table: Table = {
  columns: [
    { name: 'flight_id', type: 'int8', notNull: true },
    { name: 'departed_at', type: 'timestamp', notNull: true },
    { name: 'hour', type: 'int2', notNull: true },
    { name: 'weekday', type: 'int2', notNull: true },
    { name: 'origin', type: 'text', notNull: true },
    { name: 'destination', type: 'text', notNull: true },
    { name: 'route', type: 'text', notNull: true },
    { name: 'delay', type: 'int4', notNull: true },
    { name: 'delay_class', type: 'text', notNull: true },
    { name: 'distance', type: 'int4', notNull: true },
    { name: 'distance_class', type: 'text', notNull: true },
    { name: 'origin_mean_delay', type: 'float8', notNull: true },
  ],
  primaryKey: ['flight_id'],
}

/**
 * Real flights within the United States, January to June 2001 (Bureau of Transportation Statistics,
 * by way of the npm package `vega-datasets`): 3,000,000 records as CSV files, one per day, that are
 * written once to `data/flights`.
 *
 * @throws `RangeError` for more flights than the data set has.
 * @example
 * const input = flights({ records: 200_000 })
 */
export function flights(options: FlightsOptions = {}): Input {
  const names = { records: true, offset: true, onBadRecord: true } as const
  const { records = 717_000, offset = 0, onBadRecord = 'stop' } = checkedOptions(options, names)
  checkedInteger('records', records, { from: 1 })
  checkedInteger('offset', offset, { from: 0 })
  checkedChoice('onBadRecord', onBadRecord, ['stop', 'skip'])
  if (offset + records > flightsData.records) {
    throw new RangeError(
      `Expected \`offset\` + \`records\` to be at most ${flightsData.records}, the number of flights in the data set, got ${offset} + ${records}`,
    )
  }
  return {
    name: 'flights',
    fits: table,
    offset,
    limit: records,
    onBadRecord,
    describe: () => ({ kind: 'flights', records, offset, onBadRecord }),
    async files({ signal, onStep } = {}) {
      const folder = join(dataFolder, 'flights')
      const days = await ensureDaysWritten({ folder, signal, onStep })
      return upTo(days, offset + records).map((day) =>
        dayFile({ kind: 'flights', name: day.name, path: join(folder, day.name), records: day.records }),
      )
    },
  }
}

/** Returns the first day files that together hold `records`. */
function upTo(days: readonly WrittenDay[], records: number): readonly WrittenDay[] {
  let held = 0
  const needed = days.findIndex((day) => {
    held += day.records
    return held >= records
  })
  if (needed < 0) throw new RangeError(`The data set holds ${held} flights, ${records} were requested`)
  return days.slice(0, needed + 1)
}
