import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { readMarkdown } from '../../src/chapter/export/pandoc.js'
import { proseNumbers, unquotedNumbers } from '../../src/chapter/export/prose-numbers.js'
import { numbersMime, numbersTex } from '../../src/chapter/export/quoted-numbers.js'
import { chapterNotebook } from '../../src/cli/chapter.js'
import { methodNumbers, quotedNumbers } from '../../src/entries/analysis.js'
import {
  type Cell,
  type Json,
  type Notebook,
  readNotebook,
  unquotedIn,
  writeNotebook,
} from '../../src/entries/chapter.js'
import { flightsData, lookPauseMs } from '../../src/entries/executor.js'
import { showNumbers } from '../../src/notebook/display.js'
import { quotedResults, referenceResults, sentencesOf } from './notebook-results.js'

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

describe('showNumbers', () => {
  it('showNumbers says how many there are, and refuses names of one macro', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    try {
      showNumbers(quotedNumbers({ workers: [2, 4] }))
      expect(log.mock.calls).toEqual([['2 numbers for numbers.tex']])
      expect(() => showNumbers(quotedNumbers({ 'a.b': 1, 'a b': 1 }))).toThrow('both \\clAB')
    } finally {
      log.mockRestore()
    }
  })

  it('numbersTex writes minus and per cent signs as TeX has them', () => {
    const number = { name: 'change', text: '−2.6', value: -2.6, meaning: 'change, in per cent' }
    expect(numbersTex([number])).toContain('\\newcommand{\\clChange}{$-$2.6}% change, in per cent')
  })
})

/** A notebook of one text and one cell for each sentence of the reference studies, and of the numbers that they quote. */
function notebookOf(text: string, sentences: readonly string[], numbers: readonly object[]): Notebook {
  const shown = (id: string, data: Readonly<Record<string, Json>>): Cell => ({
    cell_type: 'code',
    id,
    metadata: {},
    source: '',
    execution_count: 1,
    outputs: [{ output_type: 'display_data', metadata: {}, data }],
  })
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { title: 'How 2 workers load', abstract: 'Of **717,000** records, with 2 and 4 workers.' },
    cells: [
      { cell_type: 'markdown', id: 'text', metadata: {}, source: text },
      ...sentences.map((sentence, k) => shown(`sentence-${k}`, { 'text/markdown': `- ${sentence}` })),
      ...(numbers.length > 0
        ? [shown('numbers', { [numbersMime]: numbers as unknown as Json, 'text/html': '', 'text/plain': '' })]
        : []),
    ],
  }
}

describe('unquotedIn', async () => {
  const { tests, capacity, ...results } = referenceResults()
  const sentences = [...new Set(sentencesOf(results).map(({ sentence }) => sentence))].filter(Boolean)
  const numbers = quotedNumbers({
    ...quotedResults(results),
    tests,
    capacity,
    method: methodNumbers(),
    looks: lookPauseMs,
    flights: flightsData,
  })
  const text = `# How many workers

US flights of 2001. The probes looked every 15 to 19 ms. A verdict needs 6 blocks. ${tests.trials.length} trials were run.`
  const unquoted = async (notebook: Notebook): Promise<readonly string[] | null> => {
    const path = join(folder, 'chapter.ipynb')
    await writeNotebook(notebook, path)
    return (await unquotedIn(path))?.map((one) => `${one.text}: ${one.sentence}`) ?? null
  }

  it('unquotedIn finds every number of the sentences among those that are quoted', async () => {
    expect(sentences.length).toBeGreaterThan(40)
    expect(await unquoted(notebookOf(text, sentences, numbers))).toEqual([])
  })

  it('unquotedIn finds a number that was changed, in the sentence, the text, the title', async () => {
    const changed = sentences.map((sentence) => sentence.replace('26 s to 56 s', '27.5 s to 56 s'))
    expect(await unquoted(notebookOf(text, changed, numbers))).toEqual([
      '27.5: The predicted insert times save 27.5 s to 56 s, which is 2.6 % to 5.6 % of the total.',
    ])
    expect(await unquoted(notebookOf(text.replace('2001', '2003'), [], numbers))).toEqual(['2003: US flights of 2003.'])
    const titled = { ...notebookOf(text, [], numbers), metadata: { title: 'With 777 workers' } }
    expect(await unquoted(titled)).toEqual(['777: With 777 workers'])
  })

  it('unquotedIn judges no notebook that gives no numbers', async () => {
    expect(await unquoted(notebookOf(text, sentences, []))).toBeNull()
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
