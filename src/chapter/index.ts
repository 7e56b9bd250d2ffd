export { declaredParameters, type Parameters } from './declared-parameters.js'
export { bibliographyBeside } from './export/bibliography.js'
export {
  type ChapterFormat,
  chapterFormats,
  type ExportedChapter,
  type ExportOptions,
  exportChapter,
  unquotedIn,
} from './export/export-chapter.js'
export type { CodePlacement } from './export/manuscript.js'
export type { ProseNumber } from './export/prose-numbers.js'
export { type HtmlOptions, notebookHtml, writeHtml } from './html.js'
export {
  type ExecuteOptions,
  type Execution,
  type Kernel,
  KernelError,
  type KernelOptions,
  withKernel,
} from './kernel.js'
export * from './notebook-file.js'
export { checkParameters, parseParameters } from './parameter-kinds.js'
export { injectParameters } from './parameters.js'
export { withRelativePaths } from './relative-paths.js'
export {
  type CellFailure,
  type CellRun,
  type NotebookRun,
  type RunNotebookOptions,
  runNotebook,
} from './run-notebook.js'
export { withPictures } from './static-pictures.js'
