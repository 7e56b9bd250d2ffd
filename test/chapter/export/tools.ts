import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Whether a command is there. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined
}

const packages = ['longtable', 'needspace', 'newunicodechar', 'placeins', 'fvextra', 'natbib', 'caption', 'parskip']

/**
 * Whether a TeX engine is there with the packages that a chapter uses and a font that it can load.
 */
export function isTexInstalled(engine: string): boolean {
  if (!isInstalled(engine) || !isInstalled('latexmk')) return false
  const files =
    engine === 'lualatex'
      ? [...packages.map((name) => `${name}.sty`), 'luaotfload.sty']
      : packages.map((name) => `${name}.sty`)
  return spawnSync('kpsewhich', files, { stdio: 'ignore' }).status === 0
}

const engineFlags: Readonly<Record<string, string>> = { pdflatex: '-pdf', xelatex: '-pdfxe', lualatex: '-pdflua' }

/**
 * Compiles `name`.tex in a folder with latexmk. Returns the log of its last run; throws with it
 * when TeX stops.
 */
export async function compiledTex(engine: string, folder: string, name: string): Promise<string> {
  const job = `${name}-${engine}`
  const args = [engineFlags[engine]!, `-jobname=${job}`, '-halt-on-error', '-interaction=nonstopmode', `${name}.tex`]
  await promisify(execFile)('latexmk', args, { cwd: folder }).catch((error: { stdout: string }) => {
    throw new Error(`${engine} stopped: ${error.stdout.slice(-3000)}`)
  })
  return readFile(join(folder, `${job}.log`), 'latin1')
}

/** Errors and warnings in a log of TeX. */
export function complaints(log: string): string[] {
  return log.split('\n').filter((line) => /^!|LaTeX Warning|Overfull|Missing character|undefined/.test(line))
}
