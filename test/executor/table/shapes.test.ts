import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { withClient } from '../../../src/executor/connect.js'
import { change } from '../../../src/executor/footprint/change.js'
import { claimSchema, dropSchema } from '../../../src/executor/footprint/own-schema.js'
import { schemaContent } from '../../../src/executor/footprint/schema-content.js'
import { synthetic } from '../../../src/executor/input/synthetic/synthetic.js'
import { buildParts } from '../../../src/executor/table/built-parts.js'
import { readDefinition } from '../../../src/executor/table/define/read-definition.js'
import { createTable, prepareTables } from '../../../src/executor/table/make-table.js'
import type { LayoutChange } from '../../../src/study/factors/layouts.js'
import type { TablePart } from '../../../src/study/table/definition.js'
import { defaultTreatment, type Treatment } from '../../../src/study/treatment.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'
import { original } from './original.js'

const { connection, rows } = useRunningServer(scratchEmbedded)

beforeAll(async () => {
  await rows(original)
})

const schema = 'copylab_Shapes'
const table = { columns: [], primaryKey: [] }

/** Names of the constraints and indexes of the study's table, with the columns that it fills. */
const partsOf = (client: pg.Client, name: string) =>
  client.query<{ parts: string[]; columns: string[] }>(
    `SELECT ARRAY(SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype <> 'n'
                    AND NOT EXISTS (SELECT FROM pg_constraint AS above WHERE above.oid = pg_constraint.conparentid AND above.conrelid = pg_constraint.conrelid)
                  UNION SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = $1::regclass ORDER BY 1)::text[] AS parts,
            ARRAY(SELECT concat_ws(' ', attname, atttypid::regtype, attnotnull, attidentity, attgenerated, atthasdef) FROM pg_attribute
                  WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum)::text[] AS columns`,
    [`"${schema}".${name}`],
  )

const toItself = ({ sql }: TablePart): boolean => sql.includes(') REFERENCES records(')
const lacksId = ({ keyColumns, sql }: TablePart): boolean =>
  (keyColumns !== undefined && !keyColumns.includes('id')) || sql.endsWith('NO INHERIT')

const shapes: readonly [string, string, Partial<Treatment>, LayoutChange, (part: TablePart) => boolean][] = [
  ['tables of workers, of all that a table can have', 'app."Order ""s"', { tables: 'per-worker' }, {}, toItself],
  ['partitions', 'app."Order ""s"', {}, { partitions: { count: 3 } }, (part) => toItself(part) || lacksId(part)],
  ['no partitions where it has two levels of them', 'app.events', {}, { partitions: { count: 0 } }, () => false],
  ['others in the place of its own', 'app.events', {}, { partitions: { count: 2, by: ['day'] } }, () => false],
  ['tables of workers instead', 'app.events', { tables: 'per-worker' }, { partitions: { count: 0 } }, toItself],
]

it.each(shapes)(
  'a table like another has %s (%s), with its parts, and goes without a trace',
  async (_, like, levels, shape, without) => {
    await withClient(connection().config, async (control) => {
      const definition = await readDefinition(control, { like })
      const left = definition.parts.filter(without).map(({ name }) => name)
      const meanings = { layout: { plain: { without: left }, shaped: { without: left, ...shape } } }
      const making = { control, schema, table, definition, meanings }
      const as = { ...defaultTreatment, ...levels }
      await claimSchema(control, schema)
      try {
        const { signal } = new AbortController()
        await prepareTables({ ...making, input: synthetic(), files: [], signal }, [defaultTreatment])
        await createTable(making, { ...as, tables: 'one', layout: 'plain' })
        const plain = (await partsOf(control, 'records')).rows
        for (const indexBuild of ['before', 'after'] as const) {
          const { later } = await createTable(making, { ...as, indexBuild, layout: 'shaped' })
          await buildParts(control, later)
          expect((await partsOf(control, 'records')).rows).toEqual(plain)
          const names = (await schemaContent(control, schema)).tables.map(({ name }) => name)
          const ofWorkers = names.filter((name) => name.startsWith('records_worker_'))
          expect(ofWorkers).toHaveLength(levels.tables === 'per-worker' ? as.workers : 0)
          for (const name of ofWorkers) {
            const [own] = (await partsOf(control, name)).rows
            expect([own!.columns, own!.parts.length]).toEqual([plain[0]!.columns, plain[0]!.parts.length])
          }
          const parts = names.filter((name) => name.startsWith('records_partition_'))
          expect(parts).toHaveLength(shape.partitions?.count ?? 0)
          expect((await schemaContent(control, schema)).others).toEqual([])
        }
        await change(control, `CREATE VIEW public.seen AS SELECT FROM "${schema}".records`)
        expect((await schemaContent(control, schema)).others).toMatchObject([{ name: 'public.seen', depends: true }])
        await change(control, 'DROP VIEW public.seen')
      } finally {
        expect(await dropSchema(control, schema)).toBeNull()
      }
    })
  },
)
