import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unquotedIn } from '../../src/chapter/export/export-chapter.js'
import { readMarkdown } from '../../src/chapter/export/pandoc.js'
import { proseNumbers, unquotedNumbers } from '../../src/chapter/export/prose-numbers.js'
import { noteArithmeticWords } from '../../src/claims/note/note-arithmetic.js'
import { chapterNotebook } from '../../src/cli/chapter.js'
import { compare, contextRows, plotTotalTime, sentencesOf } from '../../src/entries/analysis.js'
import type { Cell, Notebook, Output } from '../../src/entries/chapter.js'
import { flightsData } from '../../src/executor/input/flights/flights.js'
import { samplePauseMs as lookPauseMs } from '../../src/executor/probes/sampling/observer.js'
import { say, show, showNumbers, showTable } from '../../src/notebook/display.js'
import { readNotebook, writeNotebook } from '../../src/notebook/file/notebook-file.js'
import { numbersMime } from '../../src/notebook/handed-on/shown-numbers.js'
import { shownBy } from '../notebook/shown-by.js'
import { phrasesOf, referenceResults } from './notebook-results.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab numbers '))
afterAll(() => rmSync(folder, { recursive: true }))

const found = async (markdown: string): Promise<string[]> =>
  proseNumbers(await readMarkdown(markdown)).map(({ text }) => text)

describe('proseNumbers', () => {
  it('proseNumbers finds the numbers of headings, paragraphs, lists, quotations, notes and captions, in order', async () => {
    const markdown = `# Tests 1 and 2

In **3** of 4 cases[^n], *at [5](https://example.org/99) %*:

- 6 blocks

  7 more

> 8

![A caption of 9.](figure.svg){#figure}

| a |
| --: |
| 99 |

Table: Another of 10

[^n]: Not in 11.
`
    expect(await found(markdown)).toEqual(['1', '2', '3', '4', '5', '11', '6', '7', '8', '9', '10'])
  })

  it('proseNumbers takes code, formulas, tables, raw text and addresses for no prose', async () => {
    const markdown = `\`blocks: 1\`, $x_2 = 3$, <b title="4">bold</b>, <https://example.org/5>

    indented 6

\`\`\`ts
const seven = 7
\`\`\`

$$\\frac{8}{9}$$
`
    expect(await found(markdown)).toEqual([])
    expect(await found('`n` is 3, $x$4 is 5')).toEqual(['3', '4', '5'])
  })

  it('proseNumbers gives the sentence that a number stands in', async () => {
    const document = await readMarkdown('It takes 4.4 s. With `n`\nworkers it takes 3! And more.')
    expect(proseNumbers(document)).toEqual([
      { text: '4.4', sentence: 'It takes 4.4 s.' },
      { text: '3', sentence: 'With … workers it takes 3!' },
    ])
  })

  it('unquotedNumbers leaves signs aside', async () => {
    const document = await readMarkdown('From −2.6 % to +1.2 s, 2.7 % and 10K.')
    expect(unquotedNumbers(document, [{ text: '2.6' }, { text: '+1.2' }, { text: '10K' }])).toEqual([
      { text: '2.7', sentence: 'From −2.6 % to +1.2 s, 2.7 % and 10K.' },
    ])
  })
})

/** A notebook of one text, the cell of parameters, and cells that show something. */
function notebookOf(text: string, cells: Readonly<Record<string, () => void>>): Notebook {
  const code = (id: string, source: string, tags: readonly string[], outputs: readonly Output[]): Cell => ({
    cell_type: 'code',
    id,
    metadata: { tags },
    source,
    execution_count: 1,
    outputs,
  })
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title: 'How 2 workers load', abstract: 'Of **717,000** records, with 2 and 4 workers.' },
    cells: [
      { cell_type: 'markdown', id: 'text', metadata: {}, source: text },
      code('parameters', parameters, ['parameters'], []),
      ...Object.entries(cells).map(([id, cell]) => code(id, `/* ${id} */`, [], shownBy(cell))),
    ],
  }
}

const parameters = 'const params = { records: 717_000, batchSizes: [10_000], slowDown: 0.1, name: "made" }'

describe('unquotedIn', async () => {
  const { tests, capacity, ...results } = referenceResults()
  const phrases = phrasesOf(results)
  const cells = {
    settings: () => showNumbers({ looks: lookPauseMs, flights: flightsData }),
    context: () => showTable(contextRows(tests)),
    said: () => say(phrases),
    total: () => show(plotTotalTime(tests)),
  }
  const text = `# How many workers

US flights of 2001. The probes looked every 15 to 19 ms. A verdict needs 6 blocks. ${tests.trials.length} trials were run, with batches of 10K, at a slow-down of 10 %.`
  const unquoted = async (notebook: Notebook): Promise<readonly string[] | null> => {
    const path = join(folder, 'chapter.ipynb')
    await writeNotebook(notebook, path)
    return (await unquotedIn(path))?.map((one) => `${one.text}: ${one.sentence}`) ?? null
  }

  it('unquotedIn finds every number of the text among those of parameters, method, settings, tables, titles and sentences', async () => {
    expect(phrases.length).toBeGreaterThan(40)
    expect(await unquoted(notebookOf(text, cells))).toEqual([])
  })

  it('unquotedIn knows a new sentence that a cell says, with no list to keep', async () => {
    const added = compare(tests, {
      a: { workers: 3, batchSize: 20_000 },
      b: { workers: 8, batchSize: 20_000 },
      metric: 'encodeMs',
      level: 0.987,
    })
    const said = await unquoted(notebookOf('Text.', { ...cells, added: () => say(added) }))
    expect(said).toEqual([])
    const typed = await unquoted(notebookOf('Text.', { ...cells, added: () => say(...sentencesOf(added)) }))
    expect(typed!.length).toBeGreaterThan(0)
  })

  it('unquotedIn finds a number that was changed, in the sentence, the text, the title', async () => {
    const changed = noteArithmeticWords(results.arithmetic).map(({ text: sentence }) =>
      sentence.replace('26 s to 56 s', '27.5 s to 56 s'),
    )
    expect(await unquoted(notebookOf(text, { ...cells, changed: () => say(changed) }))).toEqual([
      '27.5: The predicted insert times save 27.5 s to 56 s, which is 2.6 % to 5.6 % of the total.',
    ])
    expect(await unquoted(notebookOf(text.replace('2001', '2003'), cells))).toEqual(['2003: US flights of 2003.'])
    const titled = { ...notebookOf(text, cells), metadata: { title: 'With 777 workers' } }
    expect(await unquoted(titled)).toEqual(['777: With 777 workers'])
  })

  it('unquotedIn judges no notebook that says no numbers', async () => {
    const { said, ...others } = cells
    expect(await unquoted(notebookOf(text, others))).toBeNull()
    expect(await unquoted(notebookOf(text, { ...others, typed: () => say('Typed: 12 workers.') }))).toBeNull()
  })
})

describe('the committed worker-analysis.ipynb', async () => {
  const { cells } = await readNotebook(chapterNotebook)
  const quotes = cells.some(
    (cell) =>
      cell.cell_type === 'code' && cell.outputs.some((output) => 'data' in output && numbersMime in output.data),
  )

  it.skipIf(!quotes)('quotes every number of its prose', async () => {
    expect(await unquotedIn(chapterNotebook)).toEqual([])
  })
})
