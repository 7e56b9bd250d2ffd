import { readFile } from 'node:fs/promises'
import { unusedName } from '../../names.js'
import { writeWhole } from '../../writable.js'
import { checkNotebook } from './check-notebook.js'
import type { Json } from './json.js'

/** MIME type → content. Text is one string here, a list of lines in the file. */
export type MimeBundle = Readonly<Record<string, Json>>

/** Text that a cell wrote. Consecutive writes to one stream are one output. */
export interface StreamOutput {
  readonly output_type: 'stream'
  readonly name: 'stdout' | 'stderr'
  readonly text: string
}

/** Content that a cell showed, in every MIME type it was shown in. */
export interface DisplayOutput {
  readonly output_type: 'display_data'
  readonly data: MimeBundle
  readonly metadata: Readonly<Record<string, Json>>
}

/** The value of a cell. tslab makes none; other kernels do. */
export interface ResultOutput {
  readonly output_type: 'execute_result'
  readonly data: MimeBundle
  readonly metadata: Readonly<Record<string, Json>>
  readonly execution_count: number | null
}

/** The error that ended a cell. */
export interface ErrorOutput {
  readonly output_type: 'error'
  readonly ename: string
  readonly evalue: string
  readonly traceback: readonly string[]
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput

export interface CodeCell {
  readonly cell_type: 'code'
  readonly id: string
  readonly metadata: Readonly<Record<string, Json>>
  readonly source: string
  readonly execution_count: number | null
  readonly outputs: readonly Output[]
}

export interface TextCell {
  readonly cell_type: 'markdown' | 'raw'
  readonly id: string
  readonly metadata: Readonly<Record<string, Json>>
  readonly source: string
  /** File name → MIME bundle, for images pasted into Markdown. */
  readonly attachments?: Readonly<Record<string, MimeBundle>>
}

export type Cell = CodeCell | TextCell

/** A notebook, nbformat 4.5, with its texts joined. */
export interface Notebook {
  readonly nbformat: 4
  readonly nbformat_minor: 5
  readonly metadata: Readonly<Record<string, Json>>
  readonly cells: readonly Cell[]
}

/**
 * Reads a notebook of nbformat 4. Cells without an id (before 4.5) get one by their position.
 * Throws `TypeError` for anything else.
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readFile(path, 'utf8')
  try {
    return parseNotebook(text)
  } catch (error) {
    throw new TypeError(`Expected \`${path}\` to be a notebook: ${(error as Error).message}`, { cause: error })
  }
}

/** Parses the text of a notebook file. Throws `SyntaxError` or `TypeError`. */
export function parseNotebook(text: string): Notebook {
  const file = JSON.parse(text)
  checkNotebook(file)
  const ids = new Set<string>(file.cells.map((cell: { id?: string }) => cell.id))
  const cells = file.cells.map((cell: Record<string, unknown>, index: number) => parseCell(cell, index, ids))
  return { nbformat: 4, nbformat_minor: 5, metadata: file.metadata ?? {}, cells }
}

/**
 * Writes a notebook as Jupyter does: keys sorted, indent 1, texts as lists of lines, a newline at
 * the end.
 */
export async function writeNotebook(notebook: Notebook, path: string): Promise<void> {
  writeWhole(path, notebookJson(notebook))
}

/** The text of a notebook file. Same notebook, same text. */
export function notebookJson(notebook: Notebook): string {
  const file = { ...notebook, cells: notebook.cells.map(cellForFile) }
  return `${JSON.stringify(sorted(file as unknown as Json), null, 1)}\n`
}

/** Ids of cells that nbformat allows: they become names of files and addresses of links. */
const nameOfCell = /^[A-Za-z0-9_-]+$/

/** The tags of a cell. */
export function cellTags(cell: Cell): readonly string[] {
  const tags = cell.metadata.tags
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []
}

/** The Markdown of a cell, with each attachment in its place as a data URL. */
export function withAttachments({ source, attachments = {} }: TextCell): string {
  return source.replace(/\(attachment:([^)\s]+)\)/g, (link, name) => {
    const [image] = Object.entries(attachments[decoded(name)] ?? attachments[name] ?? {})
    return image ? `(data:${image[0]};base64,${String(image[1]).replace(/\s/g, '')})` : link
  })
}

/**
 * Decodes a name in which a link writes some characters as numbers; returns it as it is where that
 * fails.
 */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function parseCell(cell: Record<string, unknown>, index: number, ids: Set<string>): Cell {
  const common = {
    id: typeof cell.id === 'string' && nameOfCell.test(cell.id) ? cell.id : unusedId(`cell-${index + 1}`, ids),
    metadata: (cell.metadata ?? {}) as Readonly<Record<string, Json>>,
    source: joined(cell.source),
  }
  if (cell.cell_type === 'code') {
    const outputs = Array.isArray(cell.outputs) ? cell.outputs.map(parseOutput) : []
    return { ...common, cell_type: 'code', execution_count: (cell.execution_count as number) ?? null, outputs }
  }
  const attachments = cell.attachments as TextCell['attachments'] | null
  return { ...common, cell_type: cell.cell_type as TextCell['cell_type'], ...(attachments && { attachments }) }
}

function parseOutput(output: Record<string, unknown>): Output {
  if (output.output_type === 'stream') return { ...output, text: joined(output.text) } as StreamOutput
  if (output.output_type === 'error') return output as unknown as ErrorOutput
  const { metadata } = output
  return { ...output, metadata: metadata ?? {}, data: joinedBundle((output.data ?? {}) as MimeBundle) } as Output
}

/** A bundle whose texts may be lists of lines, with each of them as one string. */
export function joinedBundle(data: MimeBundle): MimeBundle {
  const joinedMime = (mime: string, value: Json): Json =>
    isJson(mime) || !Array.isArray(value) ? value : value.join('')
  return Object.fromEntries(Object.entries(data).map(([mime, value]) => [mime, joinedMime(mime, value)]))
}

function isJson(mime: string): boolean {
  return mime === 'application/json' || mime.endsWith('+json')
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join('') : String(text ?? '')
}

/** `wanted`, or `wanted-2`, `wanted-3`, … when it is taken. Adds what it returns to `ids`. */
export function unusedId(wanted: string, ids: Set<string>): string {
  const id = unusedName(wanted, ids)
  ids.add(id)
  return id
}

function cellForFile(cell: Cell): Json {
  const lines = { ...cell, source: splitLines(cell.source) }
  return (cell.cell_type === 'code' ? { ...lines, outputs: cell.outputs.map(outputForFile) } : lines) as unknown as Json
}

function outputForFile(output: Output): Json {
  if (output.output_type === 'stream') return { ...output, text: splitLines(output.text) }
  if (output.output_type === 'error') return output as unknown as Json
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    typeof value === 'string' && !isJson(mime) ? splitLines(value) : value,
  ])
  return { ...output, data: Object.fromEntries(data) } as unknown as Json
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value as Record<string, Json>).filter(([, held]) => held !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, held]) => [key, sorted(held)]))
}
