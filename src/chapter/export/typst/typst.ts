import { createRequire } from 'node:module'
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { needTools } from '../../tools/tools.js'
import { figureFontFiles } from '../fonts.js'

type Typst = typeof import('@myriaddreamin/typst-ts-node-compiler')

/**
 * A compiler with the fonts that documents are set in. Throws `MissingToolsError` where Typst is
 * not installed.
 */
export function typstCompiler(): NodeCompiler {
  needTools()
  const { NodeCompiler } = createRequire(import.meta.url)('@myriaddreamin/typst-ts-node-compiler') as Typst
  return NodeCompiler.create({ workspace: process.cwd(), fontArgs: [{ fontBlobs: figureFontFiles() }] })
}

/**
 * Compiles a Typst document to PDF: fonts embedded, drawings as vectors, no time of writing, so
 * that the same document gives the same bytes. `files` are what it refers to, by name. Throws an
 * `Error` with the compiler's words.
 */
export function typstPdf(source: string, files: Readonly<Record<string, string | Uint8Array>> = {}): Uint8Array {
  const compiler = typstCompiler()
  for (const [name, content] of Object.entries(files))
    compiler.mapShadow(`${process.cwd()}/${name}`, Buffer.from(content))
  const compiled = compiler.compile({ mainFileContent: source })
  const { result } = compiled
  if (!result) {
    const found = compiler.fetchDiagnostics(compiled.takeDiagnostics()!) as readonly { readonly message: string }[]
    throw new Error(`Typst could not write the PDF: ${found.map(({ message }) => message).join('; ')}`)
  }
  return compiler.pdf(result, { creationTimestamp: 0 })
}
