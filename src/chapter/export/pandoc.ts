import { needTools } from '../tools/tools.js'
import type { Document } from './ast.js'

/** Files by name, for pandoc to read; it sees one folder without folders in it. */
export type PandocFiles = Readonly<Record<string, string | Uint8Array>>

/** Options as in pandoc's defaults files: `from`, `to`, `standalone`, `variables`, … */
export type PandocOptions = Readonly<Record<string, unknown>> & { readonly from: string; readonly to: string }

let loaded: Promise<typeof import('pandoc-wasm')> | undefined
/** The conversion that was asked for last: the one instance of pandoc does them one at a time. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Converts a text with pandoc, compiled to WebAssembly. Returns the text, or for `output-file` the
 * file's bytes. Throws an `Error` with pandoc's own words when it fails, and for every warning: a
 * figure or a citation that is left out is no smaller loss than an error; `MissingToolsError` where
 * pandoc is not installed.
 */
export async function pandoc(
  options: PandocOptions & { readonly 'output-file': string },
  input: string,
  files?: PandocFiles,
): Promise<Uint8Array>
export async function pandoc(options: PandocOptions, input: string, files?: PandocFiles): Promise<string>
export async function pandoc(
  options: PandocOptions,
  input: string,
  files: PandocFiles = {},
): Promise<string | Uint8Array> {
  needTools()
  loaded ??= import('pandoc-wasm')
  const { convert } = await loaded
  const given = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === 'string' ? content : new Blob([content as Uint8Array<ArrayBuffer>]),
  ])
  const turn = last.then(() => convert(options, input, Object.fromEntries(given)))
  last = turn.catch(() => {})
  const { stdout, stderr, warnings, files: written } = await turn
  const messages = [stderr, ...warnings.filter(({ verbosity }) => verbosity !== 'INFO').map(({ pretty }) => pretty)]
  const complaint = messages.filter((text) => text !== '').join('\n')
  if (complaint !== '') throw new Error(`pandoc could not write ${options.to}: ${complaint}`)
  const output = options['output-file']
  if (typeof output !== 'string') return stdout
  return new Uint8Array(await (written[output] as Blob).arrayBuffer())
}

const jupyterMarkdown =
  'markdown-citations-subscript-superscript-example_lists+lists_without_preceding_blankline+autolink_bare_uris'

/**
 * Reads Markdown as pandoc does, but for marks that Jupyter shows as they stand: `@`, `~` and `^`.
 * Quotes become curly ones.
 */
export async function readMarkdown(markdown: string): Promise<Document> {
  return JSON.parse(await pandoc({ from: jupyterMarkdown, to: 'json' }, markdown)) as Document
}

const withoutRaw = '-raw_html-raw_tex-raw_attribute-latex_macros-native_divs-native_spans-markdown_in_html_blocks'

/**
 * Reads Markdown as `readMarkdown` does, with HTML and TeX as plain text; formulas are formulas.
 */
export async function readPlainMarkdown(markdown: string): Promise<Document> {
  return JSON.parse(await pandoc({ from: `${jupyterMarkdown}${withoutRaw}`, to: 'json' }, markdown)) as Document
}
