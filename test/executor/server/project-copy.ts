import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript'
import { projectRoot } from '../../../src/project.js'

/**
 * Compiles the executor and what it stands on into `folder`, laid out as the project is, so that
 * other Node processes can run it from there.
 */
export function copyProject(folder: string): void {
  const source = join(projectRoot, 'src')
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || !/^(executor|study)\/|^[^/]*$/.test(name)) continue
    const file = join(folder, 'dist', name.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, ts.transpileModule(readFileSync(join(source, name), 'utf8'), { compilerOptions }).outputText)
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
}

export interface Script {
  readonly process: ChildProcess
  /**
   * The next line that the script prints; rejects with what it wrote to stderr when it ends first.
   */
  line(): Promise<string>
  /** Waits for the end of the script: its exit code or signal. */
  end(): Promise<number | string>
}

/**
 * Runs an ES module, given as text, in a Node process of its own, inside the copy of the project.
 */
export function runScript(folder: string, text: string, env: NodeJS.ProcessEnv = process.env): Script {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { cwd: folder, env })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code)
  return {
    process: child,
    line: async () => {
      const { value, done } = await lines.next()
      if (!done) return value
      await ended
      throw new Error(complaint || 'The script ended without a line')
    },
    end: () => ended,
  }
}

/**
 * A script that uses the embedded server, prints one line of JSON once it is connected, and ends
 * when its stdin does.
 */
export const useServer = `
import { once } from 'node:events'
import { embedded } from './dist/executor/server/embedded.js'
try {
  await embedded().use(async ({ config, facts }) => {
    console.log(JSON.stringify({ config, facts }))
    process.stdin.resume()
    await once(process.stdin, 'end')
  })
} catch (error) {
  console.log(JSON.stringify({ error: error.message }))
}
`
