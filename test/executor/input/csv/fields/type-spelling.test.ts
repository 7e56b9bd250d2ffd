import { describe, expect, test } from 'vitest'
import { columnOf } from '../../../../../src/executor/input/csv/fields/type-spelling.js'
import { columnTypes } from '../../../../../src/study/table/table.js'

describe('columnOf(name, spelling)', () => {
  test.each(columnTypes)('takes %s as it is', (type) => {
    expect(columnOf('v', type)).toEqual({ name: 'v', type })
  })

  test.each<[spelling: string, type: string, declared?: string]>([
    ['integer', 'int4'],
    ['INT', 'int4'],
    ['smallint', 'int2'],
    ['bigint', 'int8'],
    ['boolean', 'bool'],
    ['real', 'float4'],
    ['float', 'float8'],
    ['float(24)', 'float4'],
    ['float(25)', 'float8'],
    ['Double  Precision', 'float8'],
    ['decimal', 'numeric'],
    ['varchar', 'text'],
    ['character varying', 'text'],
    ['timestamp with time zone', 'timestamptz'],
    ['timestamp without time zone', 'timestamp'],
    ['timestamp(6)', 'timestamp'],
    ['timestamp(6) with time zone', 'timestamptz'],
    ['varchar(5)', 'text', 'varchar(5)'],
    ['character varying (5)', 'text', 'varchar(5)'],
    ['numeric(10,2)', 'numeric', 'numeric(10,2)'],
    ['NUMERIC( 10 , 2 )', 'numeric', 'numeric(10,2)'],
    ['dec(4)', 'numeric', 'numeric(4,0)'],
    ['numeric(3,-2)', 'numeric', 'numeric(3,-2)'],
    ['integer[]', 'int4[]'],
    ['varchar(5)[]', 'text[]', 'varchar(5)[]'],
    ['numeric(10,2)[]', 'numeric[]', 'numeric(10,2)[]'],
    ['timestamp with time zone[]', 'timestamptz[]'],
  ])('reads %s as %s, declared as %s', (spelling, type, declared) => {
    expect(columnOf('v', spelling)).toEqual(
      declared === undefined ? { name: 'v', type } : { name: 'v', type, declared },
    )
  })

  test.each<[spelling: unknown, remedy: string]>([
    ['serial', ': a file holds the numbers themselves: take integer'],
    ['json', ': take jsonb, or text to keep the spelling'],
    ['char(5)', ': take varchar or text: char pads with spaces'],
    ['character(5)', ': take varchar or text: char pads with spaces'],
    ['time', ': it is not read: take text'],
    ['time with time zone', ': it is not read: take text'],
    ['interval', ': it is not read: take text'],
    ['inet', ': it is not read: take text'],
    ['money', ': it is not read: take numeric, or text'],
    ['timestamp(3)', ': times are kept to the microsecond: leave (3) out'],
    ['varchar(0)', ': its limit is not one that PostgreSQL has'],
    ['varchar(5,2)', ': its limit is not one that PostgreSQL has'],
    ['numeric(1001)', ': its limit is not one that PostgreSQL has'],
    ['integer(4)', ': it has no limit'],
    ['int4[][]', ': arrays have one dimension: take int4[]'],
    ['int4[3]', ': arrays have one dimension: take int4[]'],
    ['intger', ': did you mean integer?'],
    ['constructor', ''],
    [7, ''],
  ])('refuses %o, naming the types that are read%s', (spelling, remedy) => {
    expect(() => columnOf('v', spelling)).toThrow(
      new TypeError(
        `Expected the type of column \`v\` to be one of int2, int4, int8, float4, float8, numeric, text, bool, date, timestamp, timestamptz, uuid, jsonb, bytea, arrays of them such as int4[], got ${JSON.stringify(spelling)}${remedy}`,
      ),
    )
  })
})
