import { describe, expect, it } from 'vitest'
import { linkedBareCells, type Target, withCrossReferences } from '../../../src/chapter/export/cross-references.js'
import { pandoc, readMarkdown } from '../../../src/chapter/export/pandoc.js'
import { tablesOf, withTables } from '../../../src/chapter/export/tables.js'

const markdown = `## A heading {#there}

[](#one), [see](#two), [the table](#t-table), [a part](#there), [(Hsu)](#hsu), [Hsu](#hsu), [out](https://example.org).

![First.](one.svg){#one}

![Second.](two.svg){#two}

::: {#t-table .table}
| a |
|--:|
| 1 |

Table: Of a
:::
`

async function written(target: Target, text = markdown): Promise<string> {
  const source = withTables(await readMarkdown(text))
  const references = {
    figures: ['one', 'two'],
    tables: tablesOf(source).map(({ id }) => id),
    works: new Set(['hsu']),
    bareCells: new Set(['capacity']),
  }
  const to = { latex: 'latex', typst: 'typst', office: 'markdown', text: 'markdown' }[target]
  const document = withCrossReferences(source, references, target)
  return pandoc({ from: 'json', to, wrap: 'none', 'cite-method': 'natbib' }, JSON.stringify(document))
}

describe('withCrossReferences', () => {
  it('numbers figures and tables itself for HTML', async () => {
    const text = await written('text')
    expect(text).toContain('[Figure\u00a01](#one), [Figure\u00a02](#two), [Table\u00a01](#t-table), [a part](#there)')
    expect(text).toContain('[out](https://example.org)')
    expect(text).toContain('![**Figure\u00a02.** Second.]')
    expect(text).toContain(': **Table\u00a01.** Of a')
  })

  it('lets Word count the captions with fields', async () => {
    const text = await written('office')
    expect(text).toContain('[Figure\u00a02](#two)')
    expect(text).toContain('SEQ Figure')
    expect(text).toContain('SEQ Table')
  })

  it("uses TeX's and Typst's own references", async () => {
    const tex = await written('latex')
    expect(tex).toContain('Figure~\\ref{one}, Figure~\\ref{two}, Table~\\ref{t-table}, \\hyperref[there]{a part}')
    expect(tex).toContain('\\citep{hsu}, \\citet{hsu}')
    expect(tex).toContain('\\caption{Second.}\\label{two}')
    expect(await written('typst')).toContain('@one, @two, @t-table')
  })

  it('leaves the words of a link to a cell that showed neither a figure nor a table, and tells which', async () => {
    const text = 'Drawn in [the figure](#capacity), [another](#capacity-2) and [the table](#capacity-table).'
    expect(await written('text', text)).toBe('Drawn in the figure, another and the table.\n')
    const document = await readMarkdown(`${text} See [](#one).`)
    expect(linkedBareCells(document, new Set(['capacity', 'arrangements']))).toEqual(['capacity'])
  })

  it('refuses a link to nothing', async () => {
    await expect(written('text', '[x](#nowhere)')).rejects.toThrow(
      'The text links to #nowhere, which is no figure, table, heading or work of the bibliography',
    )
  })
})
