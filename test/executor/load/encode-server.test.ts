import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnTypes, orNull, sources } from '../../../bench/endurance/fuzz/any-value.js'
import { checksumSql, makeChecksum } from '../../../src/executor/verify/checksum.js'
import type { Table } from '../../../src/study/table/table.js'
import { recordsOf } from '../records-of.js'
import { loadRows, useScratchDatabase } from '../scratch-server.js'

const database = useScratchDatabase()

describe.each(columnTypes)('COPY of %s values', (type) => {
  test.each(['text', 'binary'] as const)(
    'as makeEncoder(table, %o) writes them stores what the server reads itself',
    async (encoding) => {
      const client = database()
      const table: Table = {
        columns: [
          { name: 'place', type: 'int4', notNull: true },
          { name: 'v', type },
        ],
        primaryKey: ['place'],
      }
      await fc.assert(
        fc.asyncProperty(fc.array(orNull(sources[type].samples), { minLength: 1, maxLength: 60 }), async (samples) => {
          const rows = samples.map(({ value }, place) => [place, value])
          await loadRows(client, 'loaded', table, rows, encoding)
          const { rows: different } = await client.query(
            `SELECT place, loaded.v::text AS loaded, expected.v::text AS expected FROM loaded FULL JOIN
             (SELECT place - 1 AS place, ${sources[type].sql} AS v FROM unnest($1::text[]) WITH ORDINALITY AS given (v, place)) AS expected
             USING (place)
           WHERE loaded.v::text IS DISTINCT FROM expected.v::text`,
            [samples.map(({ text }) => text)],
          )
          expect(different).toEqual([])
          const sum = makeChecksum(table)
          const records = recordsOf(table, rows)
          for (let position = 0; position < rows.length; position++) sum.add(records, position)
          const stored = (await client.query(checksumSql(table, 'loaded'))).rows[0]
          expect({ ...stored, records: Number(stored.records) }).toEqual(sum.value())
        }),
        { numRuns: 20 },
      )
    },
  )
})
