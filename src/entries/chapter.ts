/** `copylab/chapter`: notebooks as files, executed without Jupyter, as a page, as documents. */

// Notebooks

export { declaredParameters } from '../notebook/declared-parameters.js'
export { readNotebook, writeNotebook } from '../notebook/file/notebook-file.js'

// Their execution

export { withKernel } from '../notebook/kernel/kernel.js'
export { KernelError } from '../notebook/kernel/kernel-error.js'
export { runNotebook } from '../notebook/run-notebook.js'

// Pages and documents

export { bibliographyBeside } from '../chapter/export/bibliography.js'
export { chapterFormats, ExportError, exportChapter } from '../chapter/export/export-chapter.js'
export { notebookHtml, writeHtml } from '../chapter/page/html.js'
export { withPictures } from '../chapter/static-pictures.js'

// The types of all these

export type { ChapterFormat, ExportedChapter, ExportOptions } from '../chapter/export/export-chapter.js'
export type { CodePlacement } from '../chapter/export/manuscript.js'
export type { ProseNumber } from '../chapter/export/prose-numbers.js'
export type { ReadOptions } from '../chapter/export/source/read-chapter.js'
export type { HtmlOptions } from '../chapter/page/html.js'
export type { Pictures } from '../chapter/static-pictures.js'
export type { Parameters } from '../notebook/declared-parameters.js'
export type { Json } from '../notebook/file/json.js'
export type {
  Cell,
  CodeCell,
  DisplayOutput,
  ErrorOutput,
  MimeBundle,
  Notebook,
  Output,
  ResultOutput,
  StreamOutput,
  TextCell,
} from '../notebook/file/notebook-file.js'
export type { ExecuteOptions, Execution } from '../notebook/kernel/execute-cell.js'
export type { Kernel, KernelOptions } from '../notebook/kernel/kernel.js'
export type { CellFailure, CellRun, NotebookRun, RunNotebookOptions } from '../notebook/run-notebook.js'
