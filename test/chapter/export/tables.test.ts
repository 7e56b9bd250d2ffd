import { describe, expect, it } from 'vitest'
import { type Element, elementsOf, textOf } from '../../../src/chapter/export/ast.js'
import { readMarkdown } from '../../../src/chapter/export/pandoc.js'
import { eachCell, tableLines, tablesOf, withTables, withWidths } from '../../../src/chapter/export/tables.js'

async function tableOf(rows: readonly (readonly string[])[]): Promise<Element> {
  const [head, ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`)
  const markdown = `::: {#t .table}\n${[head, `|${rows[0]!.map(() => '--|').join('')}`, ...body].join('\n')}\n:::`
  const [found] = tablesOf(withTables(await readMarkdown(markdown)))
  expect(found!.id).toBe('t')
  return found!.table
}
const sharesOf = (table: Element): (number | null)[] =>
  (table.c as [unknown, unknown, [Element, Element][]])[2].map(([, { c }]) => (c as number) ?? null)

const long = 'words of a length that no line has room for beside the other column, nor even half of it'
const longRows = [
  ['name', 'text', 'n'],
  ['internationalisation', long, '30'],
  ['b', `${long} ${long}`, '6'],
]

describe('withTables', () => {
  it('takes a table out of its division and leaves widths to the format where a line holds it', async () => {
    const table = await tableOf([
      ['a', 'b'],
      ['1', 'some words'],
    ])
    expect(sharesOf(table)).toEqual([null, null])
    expect(tableLines(table)).toBe(4)
  })

  it('gives shares of the width that break no word where a line does not', async () => {
    const table = await tableOf(longRows)
    const shares = sharesOf(table) as number[]
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2)
    expect(shares[0]!).toBeGreaterThanOrEqual(22 / 92 - 0.001)
    expect(shares[1]!).toBeGreaterThan(0.5)
    expect(shares[2]!).toBeGreaterThanOrEqual(0.06)
    expect(tableLines(table)).toBeGreaterThan(5)
  })
})

describe('withWidths', () => {
  it('gives the columns of a short table the width of their longest cells, and keeps those of others', async () => {
    const short = withWidths(
      await tableOf([
        ['a', 'heading'],
        ['four', '1'],
      ]),
    )
    expect(sharesOf(short)).toEqual([0.0652, 0.0978])
    const table = await tableOf(longRows)
    expect(sharesOf(withWidths(table))).toEqual(sharesOf(table))
  })
})

describe('eachCell', () => {
  it('changes every cell and knows the last row', async () => {
    const table = await tableOf([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
    const changed = eachCell(table, (blocks, isLastRow) => [
      { t: 'Plain', c: [{ t: 'Str', c: `${isLastRow ? 'last ' : ''}${textOf(blocks)}` }] },
    ])
    expect(elementsOf(changed, 'Str').map(({ c }) => c)).toEqual(
      elementsOf(table, 'Str')
        .map(({ c }) => c)
        .map((text) => (text === '3' || text === '4' ? `last ${text}` : text)),
    )
  })
})
