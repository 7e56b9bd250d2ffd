import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { pageAt, shellLines } from './pages.js'

/** The README's commands, those that are joined by && one by one. */
const commands = shellLines(pageAt('README.md')).flatMap((line) => line.split(' && '))
const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

let folder: string
const name = `readme-start-${process.pid}`
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab readme '))
  cpSync(join(studiesFolder, 'reference-workers'), join(folder, 'reference-workers'), { recursive: true })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(join(studiesFolder, `${name}-workers`), { recursive: true, force: true })
})

/** Runs the built program, and expects it to end well. Returns what it prints. */
async function copylab(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args], { cwd: projectRoot })
  let printed = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code, `copylab ${args.join(' ')}\n${errors}`).toBe(0)
  return printed
}

const onNpx = commands.flatMap((command) => /^npx copylab (.*)$/.exec(command)?.[1] ?? [])
/** Commands whose studies lie where `--folder` says. */
const withStudies = onNpx.filter((command) => !/^(lab|doctor)\b/.test(command))

describe("the README's commands", () => {
  it('are npm’s own, scripts of package.json, and copylab’s', () => {
    expect(commands.filter((command) => !command.startsWith('npx copylab '))).toEqual([
      'npm ci',
      'npm start',
      'npm test',
    ])
    expect(scripts.start).toBe('node dist/cli.js start')
    expect(scripts.test).toContain('vitest run')
    expect(onNpx.filter((command) => !withStudies.includes(command))).toEqual(['lab', 'doctor'])
    expect(withStudies[0]).toMatch(/^study --name N --records 100000 /)
    expect(withStudies.length).toBeGreaterThan(7)
  })

  it('answer one after the other, with 20,000 records in the place of 100,000', async () => {
    const answers = new Map<string, string>()
    for (const command of withStudies) {
      const args = command.replace('--records 100000', '--records 20000').split(' ')
      answers.set(args[0]!, await copylab([...args, '--folder', folder]))
    }
    expect(answers.get('study')).toMatch(/^2 workers +2 +totalMs +6 /m)
    expect(answers.get('compare')).toMatch(/2 workers vs 4 at 10K: /)
    expect(answers.get('explain')).toMatch(/Per worker, the largest contributions: /)
    expect(answers.get('best')).toMatch(/^Use .* workers? /)
    expect(answers.get('claims')).toMatch(/^C1/m)
    expect(answers.get('confirm')).toMatch(/ 12 fresh blocks/)
    expect(answers.get('trials')!.split('\n').length).toBeGreaterThan(13)
    expect(answers.get('diff')).toMatch(/records/)
  })

  it('begin with npm start, here with fewer records, batches and blocks', async () => {
    const out = join(folder, 'out')
    const short = '--records 20000 --batch-sizes 5000 --blocks 2'.split(' ')
    const printed = await copylab(['start', '--name', name, '--out', out, ...short])
    expect(printed).toMatch(/ workers? with batches of 5K /)
    expect(printed).toContain(out)
    expect(existsSync(join(out, 'worker-analysis.ipynb'))).toBe(true)
  })

  it('make a chapter, here one format of the notebook as it is', async () => {
    const out = join(folder, 'chapter')
    await copylab(['chapter', '--as-is', '--to', 'html', '--out', out])
    expect(readFileSync(join(out, 'chapter.html'), 'utf8')).toContain('<figure')
  })

  it('know lab, which needs Python and is run by npm run test:lab, and look at this machine', async () => {
    expect(await copylab(['lab', '--help'])).toContain('JupyterLab')
    expect(await copylab(['doctor'])).toMatch(/✓ Node/i)
  })
})
