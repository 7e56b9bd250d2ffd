import { copyFileSync, existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { hasChoice } from '../analysis/recommend/candidates.js'
import { busyHostWarning } from '../analysis/validity/disturbed/busy-host-words.js'
import { comparePrimary, recommend, sentencesOf } from '../entries/analysis.js'
import { bibliographyBeside, type Notebook, runNotebook, withPictures, writeHtml } from '../entries/chapter.js'
import { readStudy, type Study } from '../entries/executor.js'
import { duration } from '../format.js'
import { writeNotebook } from '../notebook/file/notebook-file.js'
import { displayPath, projectRoot } from '../project.js'
import { makeFolder } from '../writable.js'
import { placeChapter } from './init/chapter-files.js'
import { placedLine } from './init/place.js'
import { placeText } from './output.js'
import { statusLine } from './terminal/progress.js'

/** The project's chapter. */
export const chapterNotebook = join(projectRoot, 'notebooks', 'worker-analysis.ipynb')
/**
 * Path of the copy in which a reader changes and runs the chapter without changing what git tracks.
 */
export const chapterCopy = join(projectRoot, 'notebooks', 'my-worker-analysis.ipynb')

/** Gives the project the chapter's notebook where it has none, and says so. */
export async function ensureChapter(): Promise<void> {
  if (existsSync(chapterNotebook)) return
  for (const file of await placeChapter(projectRoot)) process.stderr.write(`${placedLine(file)}\n`)
}

export interface ChapterOptions {
  readonly notebook: string
  /** Values for the cell tagged `parameters`; undefined to leave it as it is. */
  readonly parameters: Record<string, unknown> | undefined
  /**
   * Place of the executed notebook and its page: a folder, or the notebook's file when it ends in
   * `.ipynb`.
   */
  readonly out: string
  readonly print: (text: string) => void
  readonly signal: AbortSignal
}

/**
 * Executes a notebook in a tslab kernel, shows what its cells report while they run, and writes the
 * executed notebook and its page, with the works that it cites next to them. Throws after writing
 * them when a cell failed, under names of their own where there are earlier ones, and `RangeError`
 * before anything is run when the notebook itself would be overwritten. Returns the path of the
 * executed notebook.
 */
export async function executeChapter({ notebook, parameters, out, print, signal }: ChapterOptions): Promise<string> {
  const executedPath = executedPathOf(notebook, out)
  const begin = performance.now()
  const status = statusLine()
  status.show(`Starting the kernel for ${displayPath(notebook)}`)
  const run = await runNotebook(notebook, {
    parameters,
    cwd: dirname(notebook),
    signal,
    onProgress: (text) => status.show(text),
  }).finally(() => status.end())
  const executedMs = performance.now() - begin
  for (const number of run.passwordCells) {
    process.stderr.write(
      `Warning: cell ${number} holds a password, which is masked in what is written: take it from the environment, such as DATABASE_URL\n`,
    )
  }
  // Warnings of cells, such as one about a journal with damaged lines.
  if (run.stderr !== '') process.stderr.write(`${run.stderr.trimEnd()}\n`)
  makeFolder(dirname(executedPath), 'name another place with --out')
  const failed = run.errors[0]
  // A page that is right is not lost to one that breaks off.
  const path = failed && existsSync(executedPath) ? executedPath.replace(/\.ipynb$/, '-failed.ipynb') : executedPath
  const pagePath = path.replace(/\.ipynb$/, '.html')
  await writeNotebook(await pictured(run.notebook, print), path)
  await writeHtml(run.notebook, pagePath)
  placeBibliography(notebook, path)
  print(`Executed  in ${duration(executedMs)}`)
  print(placeText('Notebook', path))
  print(placeText('Page', pagePath))
  if (failed) throw new Error(`A cell failed: ${failed.name}: ${failed.message}`)
  return executedPath
}

/** Copies the works that a notebook cites to the executed one, unless it has some. */
function placeBibliography(notebook: string, executed: string): void {
  const works = bibliographyBeside(notebook)
  if (works && !bibliographyBeside(executed)) copyFileSync(works, join(dirname(executed), basename(works)))
}

/**
 * The notebook with static pictures of its figures; where they cannot be drawn, a line is printed
 * and the notebook is returned as it is.
 */
async function pictured(notebook: Notebook, print: (text: string) => void): Promise<Notebook> {
  try {
    return await withPictures(notebook)
  } catch (error) {
    print(`The notebook's figures have no static pictures: ${(error as Error).message}`)
    return notebook
  }
}

function executedPathOf(notebook: string, out: string): string {
  const path = out.endsWith('.ipynb') ? out : join(out, basename(notebook))
  if (existsSync(path) && realpathSync(path) === realpathSync(notebook)) {
    throw new RangeError(`Expected --out to name another place than that of the notebook itself, got ${out}`)
  }
  return path
}

/** Counts of a chapter's trials, in a line: "38 verified, 2 min 20 s on the clock". */
export function trialsLine(studyNames: readonly string[]): string {
  const trials = studyNames.flatMap((name) => readStudy(name).trials)
  const completed = trials.filter((trial) => trial.state === 'completed')
  const clockMs = completed.reduce((sum, trial) => sum + trial.totalMs, 0)
  const failed = trials.length - completed.length
  return `${completed.length} verified${failed > 0 ? `, ${failed} failed` : ''}, ${duration(clockMs)} on the clock`
}

/**
 * The answer that a study gives, as sentences: what other processes did to it, if anything; what to
 * use and what it costs to be wrong; and the result of the study's primary contrast, if it has one.
 */
export function answerSentences(study: Study): string[] {
  const busy = busyHostWarning(study)
  const recommendation = hasChoice(study) ? [recommend(study)] : []
  const primary = study.plan.preregistration ? [comparePrimary(study)] : []
  return [...(busy ? [busy.text] : []), ...sentencesOf(...recommendation, ...primary)]
}
