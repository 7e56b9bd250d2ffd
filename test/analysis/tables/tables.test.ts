import { describe, expect, it } from 'vitest'
import { tableCsv, tableText } from '../../../src/analysis/tables/tables.js'

const rows = [
  { name: 'a', ms: 1234.56789, note: null, list: [1], on: true },
  { name: 'bb, "c"', ms: 2, note: null, list: [2], on: false, error: 'disk full' },
]

describe('tableText', () => {
  it('tableText aligns what can be read in a line, numbers to the right with six digits at most', () => {
    expect(tableText(rows).split('\n')).toEqual([
      'name          ms  on     error',
      'a        1234.57  true   -',
      'bb, "c"        2  false  disk full',
    ])
  })
})

describe('tableCsv', () => {
  it('tableCsv has every column of every row, numbers in full and null as nothing', () => {
    expect(tableCsv(rows)).toBe('name,ms,note,list,on,error\na,1234.56789,,1,true,\n"bb, ""c""",2,,2,false,disk full\n')
    expect(tableCsv([])).toBe('')
  })
})
