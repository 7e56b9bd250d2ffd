import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packageRoot } from '../../project.js'

/**
 * Packages that documents and pictures need are not installed. The message ends with what to do.
 */
export class MissingToolsError extends Error {
  override readonly name = 'MissingToolsError'
}

/** The browser that figures are drawn with on Linux; elsewhere an installed one is used. */
const packedBrowser = '@sparticuz/chromium'

/** Whether the browser from npm runs on this machine. */
export const hasPackedBrowser = process.platform === 'linux' && process.arch === 'x64'

/**
 * The packages that only documents and pictures need (a browser, pandoc, Typst, a font), each as
 * npm takes it, "pandoc-wasm@1.1.0", and in the versions that copylab was tested with. They are
 * copylab's optional peers, since they are larger than most of the rest together.
 */
export function chapterTools(): string[] {
  const { peerDependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>
  }
  return Object.entries(peerDependencies)
    .filter(([name]) => name !== packedBrowser || hasPackedBrowser)
    .map(([name, version]) => `${name}@${version}`)
}

/** Those of the chapter's tools that are not installed, as `chapterTools` gives them. */
export function missingTools(): string[] {
  return chapterTools().filter((tool) => !isInstalled(tool.slice(0, tool.lastIndexOf('@'))))
}

/** The one command that installs packages next to copylab. */
export function installLine(tools: readonly string[]): string {
  return `npm i --save-exact ${tools.join(' ')}`
}

/** Throws `MissingToolsError` unless all of the chapter's tools are installed. */
export function needTools(): void {
  const missing = missingTools()
  if (missing.length === 0) return
  throw new MissingToolsError(
    `Documents and pictures of figures need packages that are not installed: run \`${installLine(missing)}\``,
  )
}

function isInstalled(name: string): boolean {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? []
  return folders.some((folder) => existsSync(join(folder, name, 'package.json')))
}
