import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { projectRoot } from '#copylab/project.js'

/**
 * The built file of a script of the bench, `new URL('./child.js', import.meta.url)`. Called from
 * sources, as in vitest, it is compiled now, with what it imports of the bench, to where the build
 * puts it: Node.js 20 runs no TypeScript.
 */
export function builtScript(script: URL): string {
  const path = fileURLToPath(script)
  const bench = join(projectRoot, 'bench')
  const built = join(bench, 'dist')
  return path.startsWith(built) ? path : compiled(relative(bench, path), bench, built, new Set())
}

function compiled(script: string, from: string, to: string, known: Set<string>): string {
  const target = join(to, script)
  if (known.has(script)) return target
  known.add(script)
  const source = readFileSync(join(from, script.replace(/\.js$/, '.ts')), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  })
  for (const [, imported] of outputText.matchAll(/^import [^'"]*?from '(\.[^']+)'/gms)) {
    compiled(join(dirname(script), imported!), from, to, known)
  }
  mkdirSync(dirname(target), { recursive: true })
  // Another process may be reading it.
  writeFileSync(`${target}.${process.pid}`, outputText)
  renameSync(`${target}.${process.pid}`, target)
  return target
}
