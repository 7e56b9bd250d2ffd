import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { spelledTypes, spellings } from '../../../../../bench/endurance/fuzz/spellings.js'
import { checkTexts } from '../../../../../bench/endurance/fuzz/values.js'
import { useScratchDatabase } from '../../../scratch-server.js'

const database = useScratchDatabase()
beforeAll(async () => {
  await database().query("SET TimeZone = 'UTC'")
})

test.each(spelledTypes)(
  'fields of %s are read as COPY reads them, or refused for a reason that is meant',
  async (type) => {
    await fc.assert(
      fc.asyncProperty(fc.array(spellings[type], { minLength: 1, maxLength: 60 }), async (texts) => {
        expect(await checkTexts(database(), type, texts)).toMatchObject({ different: [] })
      }),
      { numRuns: 10 },
    )
  },
)

describe('what other programs write', () => {
  test.each<[type: string, texts: string[]]>([
    ['int4', ['0042', '-007', ' 42', '601']],
    ['int8', ['9007199254740993', '-9223372036854775808', '9223372036854775807', '1533947986218845197', '+5']],
    ['float8', ['9.999999974e-07', 'NaN', 'Infinity', '-0', '1E-7', '5.', '0.1', '123456789012345678901234567890']],
    ['float8', ['4.9e-324', '1.7976931348623157e308', '0.30000000000000004']],
    [
      'float4',
      ['3.8e-07', 'nan', '-inf', '-0.0', '.5', '1e3', '16777217', '1.17549435e-38', '3.4028235e38', '2147483647'],
    ],
    ['numeric', ['NaN', 'Infinity', '-Infinity', '1E+1', '10.0', '-0.5', '0.00001234', '10000', '100000000.00000001']],
    ['numeric', ['-0.0001', '1.50', '0.000', '-0', '1e-20', '9999.9999', '.5', '1e131071', '1e-16383', '007.50']],
    ['bool', ['t', 'f', 'TRUE', 'False', 'Y', 'no', 'on', 'OFF', '1', '0', 'tr', 'fal', 'ye']],
    ['date', ['infinity', '0001-01-01 BC', '10000-06-23', '0001-01-01']],
    ['timestamp', ['-infinity', '2001-01-01 00:00:00', '15000-12-31 23:40:28', '9999-12-31 23:59:59.999999']],
    [
      'timestamptz',
      [
        '2020-12-31 21:25:58.745232+02',
        '2023-11-05 01:40-07:00',
        '2016-10-14T19:15:09.075Z',
        '2016-10-14 19:15:09.075 +00:00',
        '2020-03-29 02:30:00+05:45',
        '2020-03-29 02:30:00-0330',
        '2020-03-29',
        '2020-03-29 02:30:00',
        '2020-03-29 02:30:00 UTC',
        '2020-03-29 02:30:00 Europe/Berlin',
        '2020-03-29T02:30:00+0000',
      ],
    ],
    ['bytea', ['\\x160f2b00ff', '\\x', 'ABBAFF', '\\xABbaFF', '\\000\\377']],
    ['int4[]', ['{1,2,NULL}', '{}', '{5}', '{ 1 , 2 }', '{-1}']],
    ['text[]', ['{a,"b c",NULL}', '{"NULL",null}', '{"a\\"b","c\\\\d"}', '{"",x}', '{"{}","a,b"}', '{😀,"é ü"}']],
    ['jsonb', ['{"b":1,"a":2,"b":3}', '1.10', '1E2', '-0', '[1e-7, 1533947986218845197, 0.10]', ' true ']],
    ['jsonb', ['{"aa":1,"b":{"z":[]},"é":"\\u00e9\\t"}', '"x"', '{"":null,"k":1.0}']],
  ])('of %s is read, and stored as COPY stores it: %o', async (type, texts) => {
    expect(await checkTexts(database(), type, texts)).toEqual({ read: texts, different: [] })
  })
})
