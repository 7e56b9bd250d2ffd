import { describe, expect, it } from 'vitest'
import { checkEncodings, loadedTable, recordColumns } from '../../../src/executor/table/loaded-table.js'
import type { Definition, TableColumn } from '../../../src/study/table/definition.js'
import type { Column } from '../../../src/study/table/table.js'
import { defaultTreatment } from '../../../src/study/treatment.js'

const column = (name: string, type: string, base: string, more: Partial<TableColumn> = {}): TableColumn => ({
  name,
  type,
  base,
  notNull: false,
  filledBy: null,
  ...more,
})
const definition = (...columns: TableColumn[]): Definition => ({
  source: { like: 'app.orders' },
  prepare: [],
  statements: ['CREATE TABLE {table} ()'],
  columns,
  primaryKey: ['id'],
  parts: [],
  triggers: [],
  leftOut: [],
})
const id = column('id', 'bigint', 'int8', { notNull: true, filledBy: 'identity' })

describe('recordColumns', () => {
  it.each<[type: string, base: string, expected: Omit<Column, 'name'>]>([
    ['bigint', 'int8', { type: 'int8' }],
    ['timestamp with time zone', 'timestamptz', { type: 'timestamptz' }],
    ['numeric(10,2)', 'numeric', { type: 'numeric', declared: 'numeric(10,2)' }],
    ['character varying(20)', 'varchar', { type: 'text', declared: 'varchar(20)' }],
    ['character varying', 'varchar', { type: 'text' }],
    ['integer[]', 'int4[]', { type: 'int4[]' }],
    ['app.positive', 'int4', { type: 'int4', stored: 'app.positive' }],
    ['app.status', 'enum', { type: 'text', stored: 'app.status' }],
    ['character(3)', 'bpchar', { type: 'text', stored: 'character(3)' }],
    ['inet', 'inet', { type: 'text', stored: 'inet' }],
    ['timestamp(3) without time zone', 'timestamp', { type: 'timestamp', stored: 'timestamp(3) without time zone' }],
  ])('reads %s (%s) as %o', (type, base, expected) => {
    expect(recordColumns(definition(column('v', type, base)))).toEqual([{ name: 'v', ...expected }])
  })

  it('leaves generated columns out, and keeps NOT NULL', () => {
    const columns = [id, column('gross', 'numeric', 'numeric', { filledBy: 'generated' })]
    expect(recordColumns(definition(...columns))).toEqual([{ name: 'id', type: 'int8', notNull: true }])
  })
})

describe('loadedTable', () => {
  const fits = (...columns: Column[]) => ({ columns, primaryKey: [] })

  it.each<[Column['type'], string, string, boolean]>([
    ['int4', 'bigint', 'int8', true],
    ['int8', 'integer', 'int4', false],
    ['int4', 'numeric', 'numeric', true],
    ['int4', 'numeric(3,0)', 'numeric', false],
    ['numeric', 'numeric(10,2)', 'numeric', false],
    ['numeric', 'numeric', 'numeric', true],
    ['numeric', 'app.money', 'numeric', false],
    ['text', 'character varying(5)', 'varchar', true],
    ['text', 'app.status', 'enum', true],
    ['text', 'app.code', 'varchar', true],
    ['text', 'character(5)', 'bpchar', false],
    ['text', 'inet', 'inet', false],
    ['text', 'json', 'json', true],
    ['date', 'timestamp without time zone', 'timestamp', true],
    ['date', 'timestamp with time zone', 'timestamptz', false],
    ['timestamp', 'timestamp(3) without time zone', 'timestamp', false],
    ['jsonb', 'jsonb', 'jsonb', true],
  ])('of %s into %s (%s): content compared is %s', (type, stored, base, isCompared) => {
    const table = loadedTable(definition(id, column('v', stored, base)), fits({ name: 'v', type }))
    expect(table.unverified ?? []).toEqual(isCompared ? [] : ['v'])
    expect(table.primaryKey).toEqual([])
  })

  it('compares numbers whose limit the records share', () => {
    const own = { name: 'v', type: 'numeric', declared: 'numeric(10,2)' } as const
    expect(loadedTable(definition(column('v', 'numeric(10,2)', 'numeric')), fits(own)).unverified).toBeUndefined()
  })

  it('has the primary key where the records hold all of it', () => {
    expect(loadedTable(definition(id), fits({ name: 'id', type: 'int8' })).primaryKey).toEqual(['id'])
  })

  it.each<[string, Definition, Column[]]>([
    ['has no `b`: its columns are id', definition(id), [{ name: 'b', type: 'int4' }]],
    [
      'without `v`, which app.orders computes itself',
      definition(id, column('v', 'integer', 'int4', { filledBy: 'generated' })),
      [{ name: 'v', type: 'int4' }],
    ],
    [
      'to hold `w`, which app.orders declares NOT NULL without a default',
      definition(id, column('v', 'integer', 'int4'), column('w', 'integer', 'int4', { notNull: true })),
      [{ name: 'v', type: 'int4' }],
    ],
  ])('throws: %s', (message, own, columns) => {
    expect(() => loadedTable(own, fits(...columns))).toThrow(message)
  })

  it.each<[string, string, boolean]>([
    ['integer', 'int4', true],
    ['bigint', 'int8', false],
    ['app.positive', 'int4', true],
  ])('allows the binary format of int4 into %s (%s): %s', (type, base, allowed) => {
    const own = definition(id, column('v', type, base))
    const table = loadedTable(own, fits({ name: 'v', type: 'int4' }))
    const check = (encoding: 'binary' | 'text') => () =>
      checkEncodings({ definition: own, table, treatments: [{ ...defaultTreatment, encoding }] })
    expect(check('text')).not.toThrow()
    if (allowed) expect(check('binary')).not.toThrow()
    else expect(check('binary')).toThrow("Expected `encoding: 'text'` for `v` (bigint) of app.orders")
  })
})
