import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { installTools } from '../chapter/tools/install-tools.js'
import {
  bibliographyBeside,
  type ChapterFormat,
  type CodePlacement,
  chapterFormats,
  ExportError,
  type ExportedChapter,
  exportChapter,
} from '../entries/chapter.js'
import { projectRoot } from '../project.js'
import { chapterNotebook, ensureChapter, executeChapter } from './chapter.js'
import { words } from './options/options.js'
import { placeText, print } from './output.js'
import { examples } from './terminal/help.js'
import { statusLine } from './terminal/progress.js'

interface ChapterFlags {
  readonly from: string
  readonly to: readonly ChapterFormat[]
  readonly out: string
  readonly code: CodePlacement
  readonly bibliography?: string
  readonly asIs?: boolean
}

/** `copylab chapter`: a notebook as a chapter to hand in. */
export function chapterCommand(signal: AbortSignal): Command {
  return new Command('chapter')
    .description(
      'make a chapter of a notebook: PDF, TeX, Word and HTML, with numbered figures and tables, and a bibliography',
    )
    .option('--from <notebook>', 'the notebook', chapterNotebook)
    .option('--to <formats>', `which of ${chapterFormats.join(', ')}`, formats, [...chapterFormats])
    .option('--out <folder>', 'where to write', join(projectRoot, 'data', 'out', 'chapter'))
    .addOption(
      new Option('--code <where>', 'the code cells: left out, folded (HTML), or listed at the end')
        .choices(['hidden', 'folded', 'appendix'])
        .default('hidden'),
    )
    .option('--bibliography <file>', 'BibTeX; references.bib next to the notebook by default')
    .option('--as-is', 'take what the cells show from the notebook instead of executing it')
    .addHelpText(
      'after',
      examples(
        ['chapter --as-is --to pdf,docx', 'the notebook as it is saved, as PDF and Word'],
        ['chapter --from notebooks/mine.ipynb --out data/out/mine', 'of another notebook, executed first'],
      ),
    )
    .addHelpText(
      'after',
      '\nThe notebook is executed first: what its studies have on disk is read, and what they lack is measured.',
    )
    .action(async ({ from, to, out, code, bibliography, asIs }: ChapterFlags) => {
      if (from === chapterNotebook) await ensureChapter()
      if (!existsSync(from)) throw new RangeError(`There is no notebook ${from}: --from names one`)
      await installTools({ onStep: (line) => process.stderr.write(`${line}\n`), signal })
      const notebook = asIs ? from : await executeChapter({ notebook: from, parameters: undefined, out, print, signal })
      const status = statusLine()
      const exported = await exportChapter(notebook, {
        to,
        out,
        code,
        // The executed notebook lies elsewhere, without the files next to it.
        bibliography: bibliography ?? bibliographyBeside(from),
        images: dirname(from),
        onStep: (text) => status.show(text),
      })
        .catch((error: unknown) => {
          // The documents that were written nevertheless are reported, too.
          if (error instanceof ExportError) printExported(error.exported)
          throw error
        })
        .finally(() => status.end())
      printExported(exported)
    })
}

function printExported({ documents, figures, tables, numbers, unquoted, warnings }: ExportedChapter): void {
  for (const [format, path] of Object.entries(documents)) print(placeText(format, path))
  print(`Contents  ${figures} figures, ${tables} tables${documents.tex === undefined ? '' : `, ${numbers} numbers`}`)
  for (const { text, sentence } of unquoted ?? [])
    print(`Warning   ${text} is not among the numbers that the notebook quotes: ${sentence}`)
  for (const warning of warnings) process.stderr.write(`Warning   ${warning}\n`)
}

function formats(text: string): ChapterFormat[] {
  const asked = words(text)
  const unknown = asked.find((format) => !chapterFormats.includes(format as ChapterFormat))
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `Expected formats out of ${chapterFormats.join(', ')}, separated by commas, got ${unknown}.`,
    )
  }
  return asked as ChapterFormat[]
}
