import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/project.js'

/** A document of the project. */
export interface Page {
  /** Seen from the project's folder: "docs/method.md". */
  readonly path: string
  readonly text: string
  /** Its blocks of code, in their order. */
  readonly fences: readonly Fence[]
  /** The code within its sentences and tables. */
  readonly spans: readonly string[]
}

/** A block of code: "sh", "ts", "json", or nothing, and its lines. */
export interface Fence {
  readonly language: string
  readonly code: string
  /** Where it begins in its page, counted from 1. */
  readonly line: number
}

const fence = /^```(\w*)\n(.*?)^```$/gms
const span = /(?<!`)(`+) ?(.+?) ?\1(?!`)/g

/** Reads a document. */
export function readPage(path: string): Page {
  const text = readFileSync(join(projectRoot, path), 'utf8')
  return {
    path,
    text,
    fences: [...text.matchAll(fence)].map((match) => ({
      language: match[1]!,
      code: match[2]!,
      line: text.slice(0, match.index).split('\n').length,
    })),
    spans: spansOf(text),
  }
}

/** The code within the sentences of a Markdown text. */
export function spansOf(markdown: string): string[] {
  return [...markdown.replace(fence, '').matchAll(span)].map((match) => match[2]!)
}

/** A page's text without any code. */
export function prose({ text }: Page): string {
  return text.replace(fence, '').replace(span, '')
}

/** README.md, CONTRIBUTING.md, the bench's own page, and every page in docs/. */
export const pages: readonly Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  ...readdirSync(join(projectRoot, 'docs')).map((name) => `docs/${name}`),
].map(readPage)

/** The page of a path. Throws `RangeError` for one that there is not. */
export function pageAt(path: string): Page {
  const found = pages.find((page) => page.path === path)
  if (!found) throw new RangeError(`Expected a document, got ${path}`)
  return found
}

/** The commands of a page's blocks for the shell, one line each, without remarks. */
export function shellLines({ fences }: Page): string[] {
  return fences
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}
