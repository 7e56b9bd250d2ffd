import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import {
  compare,
  plotContrasts,
  plotTotalTime,
  plotWorkerSeconds,
  summarise,
  tableHtml,
  tableMarkdown,
} from '../../../src/entries/analysis.js'
import type { Cell, Notebook, Output } from '../../../src/entries/chapter.js'
import { figureDisplay } from '../../../src/notebook/figure-display.js'
import { writeNotebook } from '../../../src/notebook/file/notebook-file.js'

const truth = ({ workers }: { workers: number }) => ({ totalMs: 2000 + 3000 / workers, insertMs: 1000, onCore: 0.5 })
const study = simulateStudy({ workers: [1, 2, 4], noise: 0.05, truth })
const rows = [
  { id: 'A', claim: 'two workers are faster than four & cost 50 % less_memory', blocks: 30, ratio: 0.956 },
  {
    id: 'B',
    claim: 'a long text that no line of a page can hold, so that its column gets what others leave',
    blocks: 6,
    ratio: 1.2,
  },
]
const wide = { caption: 'What is claimed', columns: ['id', 'claim', 'blocks', 'ratio'] }

export const bibtex = `@article{gunther2007,
  author = {Gunther, Neil J.},
  title = {Guerrilla Capacity Planning},
  journal = {Capacity},
  year = {2007}
}

@comment{none of these}
@book{hsu1996, author = {Hsu, Jason C.}, title = {Multiple Comparisons}, publisher = {Chapman}, year = {1996}}
`

export const shown = (data: Record<string, unknown>): Output => ({
  output_type: 'display_data',
  data: data as never,
  metadata: {},
})
export const text = (id: string, source: string): Cell => ({ cell_type: 'markdown', id, metadata: {}, source })
export const code = (id: string, source: string, ...outputs: Output[]): Cell => {
  return { cell_type: 'code', id, metadata: {}, source, execution_count: 1, outputs }
}
const figure = (made: object): Output => shown(figureDisplay(made as never, 'plotly.min.js').data)
const table = (made: readonly object[], options: object): Output =>
  shown({ 'text/html': tableHtml(made, options), 'text/markdown': tableMarkdown(made, options) })

/**
 * An executed notebook with what a chapter has: figures, tables, formulas, links, works, code,
 * characters that TeX needs a macro for.
 */
export const sampleNotebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    title: 'Workers & batches',
    authors: [{ name: 'Ada Byron' }, { name: 'B. O’Hara' }],
    date: '2026-01-31',
    abstract: 'Of *parallel* COPY: ≥ 2 workers, α < 1.',
    keywords: ['COPY', 'PostgreSQL'],
  },
  cells: [
    text(
      'intro',
      '# Not the title\n\nThe law of [(Gunther)](#gunther2007), as [Hsu](#hsu1996) has it, is $X(N) = \\gamma N / (1 + \\alpha (N - 1))$.\n\n$$\\ell(\\beta) = \\sum_i x_i^2$$',
    ),
    text(
      'measured',
      '## What was "measured"\n\nSee [the figure](#total), [the table](#summary-table) and [the other section](#more). Letters: α β γ Δ ≥ ≤ − × ± ≈ → 10⁻³ µs; it\'s 5–15 % & `code_of(a)`.',
    ),
    code(
      'total',
      `show(plotTotalTime(study)) // ${'a line that is too long for a page, '.repeat(5)}`,
      figure(plotTotalTime(study)),
    ),
    code(
      'summary',
      'showTable(summarise(study))',
      table(summarise(study), { caption: 'Total time, ms', columns: ['treatmentLabel', 'n', 'median', 'min', 'max'] }),
    ),
    text('between', '### More {#more}\n\n- one\n- two, see [](#contrast)'),
    code(
      'contrast',
      "show(plotContrasts(compare(study, { a, b })))\nconst done = await confirm(`x`, { a: 'α ≥ β' })",
      figure(plotContrasts([compare(study, { a: { workers: 2 }, b: { workers: 4 } })])),
    ),
    code('claims', 'showTable(claims)', table(rows, wide)),
    code(
      'seconds',
      'show(plotWorkerSeconds(study))',
      figure(plotWorkerSeconds(study)),
      shown({
        'text/plain': '',
        'application/vnd.copylab.numbers+json': [{ name: 'c1.estimate', text: '4.4 %', value: 4.4, meaning: 'faster' }],
      }),
    ),
    text('end', '## Last\n\nDone.'),
  ],
}

/** Writes the notebook and `references.bib` to a folder. Returns the notebook's path. */
export async function writeSample(folder: string, notebook: Notebook = sampleNotebook): Promise<string> {
  const path = join(folder, 'sample.ipynb')
  await writeNotebook(notebook, path)
  await writeFile(join(folder, 'references.bib'), bibtex)
  return path
}
