export { bibliographyBeside } from '../chapter/export/bibliography.js'
export {
  type ChapterFormat,
  chapterFormats,
  ExportError,
  type ExportedChapter,
  type ExportOptions,
  exportChapter,
  unquotedIn,
} from '../chapter/export/export-chapter.js'
export type { CodePlacement } from '../chapter/export/manuscript.js'
export type { ProseNumber } from '../chapter/export/prose-numbers.js'
export { type HtmlOptions, notebookHtml, writeHtml } from '../chapter/page/html.js'
export { withPictures } from '../chapter/static-pictures.js'
export { declaredParameters, type Parameters } from '../notebook/declared-parameters.js'
export type { ExecuteOptions, Execution } from '../notebook/kernel/execute-cell.js'
export { type Kernel, type KernelOptions, withKernel } from '../notebook/kernel/kernel.js'
export { KernelError } from '../notebook/kernel/kernel-error.js'
export * from '../notebook/notebook-file.js'
export { checkParameters, parseParameters } from '../notebook/parameter-kinds.js'
export { injectParameters } from '../notebook/parameters.js'
export { withRelativePaths } from '../notebook/relative-paths.js'
export {
  type CellFailure,
  type CellRun,
  type NotebookRun,
  type RunNotebookOptions,
  runNotebook,
} from '../notebook/run-notebook.js'
