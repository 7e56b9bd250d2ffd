import { describe, expect, it } from 'vitest'
import { makeOwnNames } from '../../../src/executor/table/define/like/own-names.js'
import { leaveOutSql } from '../../../src/executor/table/leave-out.js'
import { fillNames, verbatim, withoutMark } from '../../../src/executor/table/statement-names.js'

describe('fillNames(statement, schema)', () => {
  it('puts the quoted names in their places', () => {
    expect(fillNames('CREATE INDEX i ON {table} (a); DROP INDEX {schema}.i', 'copylab_A "b"')).toBe(
      'CREATE INDEX i ON "copylab_A ""b""".records (a); DROP INDEX "copylab_A ""b""".i',
    )
  })

  it.each([
    "'{table}'::text[]",
    '"{schema}" jsonb',
    '{verbatim table} {verbatim verbatim schema}',
    '{tables} { table} {{table}}',
    '$& {table} $1',
  ])('leaves text of the user, marked by `verbatim`, as it is: %s', (text) => {
    expect(fillNames(verbatim(text), 's')).toBe(text)
    expect(withoutMark(verbatim(text))).toBe(text)
  })
})

describe('leaveOutSql(part)', () => {
  it.each([
    ['index', 'a "b', 'DROP INDEX "s"."a ""b"'],
    ['primary key', '{table}', 'ALTER TABLE "s".records DROP CONSTRAINT "{table}"'],
    ['foreign key', 'to pairs', 'ALTER TABLE "s".records DROP CONSTRAINT "to pairs"'],
  ] as const)('of the %s %s', (kind, name, sql) => {
    expect(fillNames(leaveOutSql({ kind, name, sql: '' }), 's')).toBe(sql)
  })
})

describe('makeOwnNames()', () => {
  it('gives each relation a name of its own, other than those of the table and the observer', () => {
    const names = makeOwnNames()
    expect(['records', 'observe', 'a', 'a', 'Records', 'a_2', 'a'].map((name) => names.take(name))).toEqual([
      'records_2',
      'observe_2',
      'a',
      'a_2',
      'Records',
      'a_2_2',
      'a_3',
    ])
  })

  it('cuts names that are too long for a server, between characters', () => {
    const names = makeOwnNames()
    expect(names.take('é'.repeat(40))).toBe('é'.repeat(31))
    expect(names.take('é'.repeat(40))).toBe(`${'é'.repeat(30)}_2`)
  })
})
