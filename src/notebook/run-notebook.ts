import { dirname, resolve } from 'node:path'
import { projectRoot } from '../project.js'
import type { Parameters } from './declared-parameters.js'
import type { Json } from './file/json.js'
import {
  type Cell,
  type CodeCell,
  cellTags,
  type DisplayOutput,
  type ErrorOutput,
  type Notebook,
  type Output,
  readNotebook,
} from './file/notebook-file.js'
import type { Execution } from './kernel/execute-cell.js'
import { type Kernel, withKernel } from './kernel/kernel.js'
import { KernelError } from './kernel/kernel-error.js'
import { errorOutput } from './kernel/reported-error.js'
import { injectParameters } from './parameters.js'
import { withRelativePaths } from './relative-paths.js'
import { holdsPassword, notebookMask, withoutPasswords } from './without-passwords.js'

export interface RunNotebookOptions {
  /** Assigned to the notebook's `params` after the cell tagged `parameters`. */
  readonly parameters?: Parameters
  /**
   * The kernel's working folder.
   *
   * @default the notebook's folder
   */
  readonly cwd?: string
  readonly signal?: AbortSignal
  /** Added to the kernel's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /**
   * Time limit of each cell in ms.
   *
   * @default no limit
   */
  readonly timeoutMs?: number
  /**
   * Whether the cells after a failed one are left out.
   *
   * @default true
   */
  readonly stopOnError?: boolean
  /**
   * Folder whose absolute path is taken out of text outputs; null leaves outputs as they are.
   * @default the project's folder
   */
  readonly root?: string | null
  /** Called when a cell starts and when it ends. */
  readonly onCell?: (cell: CellRun) => void
  /** Called with each output when it is made and when it changes, with its whole content so far. */
  readonly onOutput?: (output: Output, cell: CellRun) => void
  /**
   * Called with one line for each step: the cell that starts, and what `liveProgress()` shows in
   * it.
   */
  readonly onProgress?: (line: string) => void
}

/** A code cell of a run. */
export interface CellRun {
  readonly id: string
  /** Number of the cell among the code cells that are not empty, from 1. */
  readonly number: number
  readonly of: number
  readonly source: string
  readonly state: 'waiting' | 'running' | 'completed' | 'failed'
  /** Duration of the cell in ms; null until it has ended. */
  readonly durationMs: number | null
}

/** An error of a cell, or of work that a cell started and did not await. */
export interface CellFailure {
  readonly cellId: string
  readonly number: number
  readonly name: string
  readonly message: string
  /**
   * The message, its causes and the cells' functions that it came through, with the colours that
   * Jupyter shows.
   */
  readonly traceback: readonly string[]
}

export interface NotebookRun {
  /** The notebook with its outputs and execution counts; cells that were not run have none. */
  readonly notebook: Notebook
  readonly errors: readonly CellFailure[]
  readonly cells: readonly CellRun[]
  readonly durationMs: number
  /** Everything written to stderr, by the cells and by the kernel itself; empty for a clean run. */
  readonly stderr: string
  /**
   * Numbers of the cells whose own code holds a password, which ought to come from the environment.
   */
  readonly passwordCells: readonly number[]
}

/**
 * Runs a notebook in the kernel that Jupyter starts, without Jupyter. The file is not changed. An
 * error of a cell is part of the result; an abort rejects with the signal's reason; `KernelError`
 * when the kernel cannot be started. Passwords that the notebook, its parameters or the environment
 * give are masked in the result.
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<NotebookRun> {
  const { parameters, cwd = dirname(resolve(path)), root = projectRoot, signal, env } = options
  const startedAt = performance.now()
  const given = await readNotebook(path)
  const planned = withoutOutputs(parameters === undefined ? given : injectParameters(given, parameters))
  return withKernel({ cwd, signal, env }, async (kernel) => {
    const { cells, executions } = await runCells(kernel, planned, options)
    const executed = withExecutions(planned, kernel, executions)
    const notebook = withoutPasswords(root === null ? executed : withRelativePaths(executed, root))
    const mask = notebookMask(executed)
    return {
      notebook,
      errors: failures(notebook, cells),
      cells: cells.map((cell) => ({ ...cell, source: mask(cell.source) })),
      durationMs: performance.now() - startedAt,
      stderr: mask(cellStderr(notebook) + kernel.stderr()),
      passwordCells: cells
        .filter(({ id, source }) => isOwn(planned, id) && holdsPassword({ source }))
        .map(({ number }) => number),
    }
  })
}

async function runCells(kernel: Kernel, notebook: Notebook, options: RunNotebookOptions) {
  const { timeoutMs, stopOnError = true, onCell = () => {}, onOutput = () => {}, onProgress = () => {} } = options
  const code = notebook.cells.filter(isRunnable)
  const cells: CellRun[] = code.map(({ id, source }, index) => {
    return { id, number: index + 1, of: code.length, source, state: 'waiting', durationMs: null }
  })
  const executions = new Map<string, Execution>()
  for (const [index, waiting] of cells.entries()) {
    const running: CellRun = { ...waiting, state: 'running' }
    cells[index] = running
    onCell(running)
    onProgress(`Cell ${running.number} of ${running.of}`)
    const startedAt = performance.now()
    const report = (output: Output) => {
      onOutput(output, running)
      if (mark(output, 'progress') === true) onProgress(String((output as DisplayOutput).data['text/plain']))
    }
    const execution = await kernel.execute(running.source, { timeoutMs, onOutput: report }).catch(kernelEnded)
    executions.set(running.id, execution)
    const state = execution.error() ? 'failed' : 'completed'
    const ended: CellRun = { ...running, state, durationMs: performance.now() - startedAt }
    cells[index] = ended
    onCell(ended)
    if (state === 'failed' && (stopOnError || execution.error()?.ename === 'KernelError')) break
  }
  return { cells, executions }
}

/**
 * Makes the end of a kernel while a cell runs an error of that cell, so that the outputs of the
 * cells before it are kept. Rethrows any other error.
 */
function kernelEnded(error: unknown): Execution {
  if (!(error instanceof KernelError)) throw error
  const output = errorOutput(error.name, error.message)
  return { executionCount: null, outputs: () => [...error.outputs, output], error: () => output }
}

/** Whether the notebook's author wrote a cell, rather than whoever gave parameters. */
function isOwn({ cells }: Notebook, id: string): boolean {
  return cells.some((cell) => cell.id === id && !cellTags(cell).includes('injected-parameters'))
}

function isRunnable(cell: Cell): cell is CodeCell {
  return cell.cell_type === 'code' && cell.source.trim() !== ''
}

function withoutOutputs(notebook: Notebook): Notebook {
  const clear = (cell: Cell): Cell =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell
  return { ...notebook, cells: notebook.cells.map(clear) }
}

function withExecutions(notebook: Notebook, kernel: Kernel, executions: ReadonlyMap<string, Execution>): Notebook {
  const fill = (cell: Cell): Cell => {
    const execution = executions.get(cell.id)
    if (cell.cell_type !== 'code' || !execution) return cell
    return { ...cell, execution_count: execution.executionCount, outputs: execution.outputs().filter(isLasting) }
  }
  const kernelspec = { display_name: 'TypeScript', language: 'typescript', name: 'tslab' }
  const metadata = { ...notebook.metadata, kernelspec, language_info: kernel.languageInfo }
  return { ...notebook, metadata, cells: notebook.cells.map(fill) }
}

/**
 * Whether an output is kept in the file: outputs that only serve a running notebook, such as
 * plotly.js itself, say so in their metadata.
 */
function isLasting(output: Output): boolean {
  return mark(output, 'transient') !== true
}

/** The mark that copylab's display functions set in an output's metadata. */
function mark(output: Output, name: 'transient' | 'progress'): Json | undefined {
  const marks = output.output_type === 'display_data' ? output.metadata.copylab : undefined
  return (marks as Record<string, Json> | undefined)?.[name]
}

function failures(notebook: Notebook, cells: readonly CellRun[]): CellFailure[] {
  return cells.flatMap(({ id, number }) =>
    outputsOf(notebook, id)
      .filter((output): output is ErrorOutput => output.output_type === 'error')
      .map(({ ename, evalue, traceback }) => ({ cellId: id, number, name: ename, message: evalue, traceback })),
  )
}

function cellStderr(notebook: Notebook): string {
  const outputs = notebook.cells.flatMap((cell) => outputsOf(notebook, cell.id))
  return outputs
    .map((output) => (output.output_type === 'stream' && output.name === 'stderr' ? output.text : ''))
    .join('')
}

function outputsOf(notebook: Notebook, id: string): readonly Output[] {
  const cell = notebook.cells.find((candidate) => candidate.id === id)
  return cell?.cell_type === 'code' ? cell.outputs : []
}
