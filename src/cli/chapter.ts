import { mkdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import { compare } from '../analysis/index.js'
import { runNotebook, writeHtml, writeNotebook } from '../chapter/index.js'
import { readStudy } from '../executor/index.js'
import { projectRoot } from '../executor/project.js'
import { duration, statusLine } from './progress.js'

export const chapterNotebook = join(projectRoot, 'notebooks', 'worker-analysis.ipynb')

export interface ChapterOptions {
  readonly notebook: string
  readonly parameters: Record<string, unknown> | undefined
  /** Folder for the executed notebook and its page. */
  readonly out: string
  readonly print: (text: string) => void
  readonly signal: AbortSignal
}
