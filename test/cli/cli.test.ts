import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Comparison, StudyFinding, TrialRow } from '../../src/entries/analysis.js'
import { projectRoot } from '../../src/project.js'
import { readStudy } from '../../src/study/journal/studies.js'

let folder: string
let running: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab cli '))
  running = []
})
afterEach(() => {
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line to its end; `onError` sees its standard error as it grows. */
function copylab(
  args: readonly string[],
  onError: (stderr: string, child: ChildProcess) => void = () => {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args], { cwd: folder, env })
  running.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    onError(stderr, child)
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

const study = (...more: string[]): string[] =>
  'study --name made --input synthetic --records 3000 --workers 2,4 --batch-size 1000 --blocks 6 --seed 1 --json'
    .split(' ')
    .concat(['--folder', folder, ...more])

/** Writes a notebook with a text, and perhaps another cell. Returns its path. */
function notebook(text: string, ...more: object[]): string {
  const path = join(folder, 'text.ipynb')
  const cell = { cell_type: 'markdown', id: 'text', metadata: {}, source: text }
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell, ...more] }))
  return path
}

describe('copylab', () => {
  it('copylab study, compare, explain, best, claims, check and trials answer', async () => {
    const ran = await copylab(study())
    expect(ran.code, ran.stderr).toBe(0)
    const report = JSON.parse(ran.stdout) as { origin: string; trials: number; summary: { n: number }[] }
    expect(report).toMatchObject({ origin: 'measured', trials: 14 })
    expect(report.summary.map((row) => row.n)).toEqual([6, 6])

    const compared = await copylab([
      'compare',
      'made',
      '--a',
      'workers=2',
      '--b',
      'workers=4',
      '--json',
      '--folder',
      folder,
    ])
    const { comparisons } = JSON.parse(compared.stdout) as { comparisons: Comparison[] }
    expect(comparisons.map(({ blocks }) => blocks)).toEqual([6])
    expect(comparisons[0]!.estimate!.interval!.lower).toBeLessThan(comparisons[0]!.estimate!.value)

    const explained = await copylab(['explain', 'made', '--from', 'workers=2', '--to', 'workers=4', '--folder', folder])
    expect(explained.stdout).toMatch(/^From 2 workers to 4 at 1K the time went from .*\nPer worker, the largest /)
    expect(explained.stdout).toMatch(/\nper worker +fromMs +toMs +changeMs +lowerMs +upperMs\nrunning +\d/)
    const best = await copylab(['best', 'made', '--folder', folder])
    expect(best.stdout).toMatch(
      /^Use [24] workers with batches of 1K: .* of 2 measured settings \(95 % sure, 6 blocks\).*\nOther usual settings against it: [\s\S]*\nnot shown to be worse than the best: .*, of 2 levels, 6 blocks, 95 % sure of all at once\n.*law was not fitted/,
    )
    const { recommendation, sets, scalings } = JSON.parse(
      (await copylab(['best', 'made', '--json', '--folder', folder])).stdout,
    )
    expect(recommendation.regret.level).toBe(0.95)
    expect(recommendation.regret.upper).toBeGreaterThanOrEqual(0)
    expect(best.stdout.startsWith(`${recommendation.sentence}\n`)).toBe(true)
    expect([recommendation.treatment.batchSize, sets.length, scalings.length]).toEqual([1000, 1, 1])
    const claims = await copylab(['claims', 'made', '--folder', folder])
    expect(claims.stdout).toMatch(/^C1, .*: undecided, none of the studies has what its test needs/)
    expect(claims.stdout).toContain('nothing was preregistered, so this study explores')
    const checked = await copylab(['check', 'made', '--json', '--folder', folder])
    const findings = JSON.parse(checked.stdout) as StudyFinding[]
    expect(findings.find(({ code }) => code === 'short-trials')!.trials).toHaveLength(12)

    const csv = await copylab(['trials', 'made', '--csv', '--folder', folder])
    expect(csv.stdout.split('\n')).toHaveLength(14)
    expect(csv.stdout).toMatch(/^trial,block,position,.*\n\d+,1,1,measured,/)
    const all = await copylab(['trials', '--folder', folder])
    expect(all.stdout).toMatch(
      /^study +plan +.* preregistered\nmade +[0-9a-f]{12} +\d{4}-\d\d-\d\d +3000 +workers 2, 4 +6 +6 +1 +14 +0 +false\n$/,
    )
    const listed = await copylab(['trials', 'made', '--json', '--folder', folder])
    const trials = JSON.parse(listed.stdout) as TrialRow[]
    expect(trials).toHaveLength(12)
    expect(
      new Set(trials.map((trial) => (trial.state === 'completed' ? `${trial.records} ${trial.checksum}` : trial.state)))
        .size,
    ).toBe(1)
  })

  it('copylab best answers for a study of other factors too, with sets at their recommended levels', async () => {
    const { code, stdout, stderr } = await copylab(['best', 'reference-arrangements'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^Use 2 workers with batches of 10K, .* measured settings with pipeline, into a table \(/)
    expect(stdout).toMatch(/\n.*binary.*: not shown to be worse than the best: /)
    const refused = await copylab(['best', 'reference-arrangements', '--by', 'batchSize'])
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('name them in `by`')])
  })

  it('copylab confirm measures the choice again on the input of the study, and says how to when it cannot', async () => {
    expect((await copylab(study())).code).toBe(0)
    const { code, stdout, stderr } = await copylab([
      'confirm',
      'made',
      '--blocks',
      '2',
      '--warm-up-blocks',
      '0',
      '--folder',
      folder,
    ])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(
      /^[24] workers at \w+ chosen; against [24] workers at \w+ .* where that was chosen, .* on 2 fresh blocks/,
    )
    expect(stderr).toContain('made-confirmed: ')
    expect(readdirSync(join(folder, 'made-confirmed'))).toHaveLength(1)
    const refused = await copylab([
      'confirm',
      'made',
      '--as',
      'made',
      '--blocks',
      '6',
      '--baseline',
      '3',
      '--folder',
      folder,
    ])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('to be a worker count that made measured (2, 4), got 3')
  })

  it('copylab diff says what differs between two studies, or two plans of one name', async () => {
    expect((await copylab(study('--blocks', '2'))).code).toBe(0)
    expect((await copylab(study('--blocks', '2', '--seed', '2'))).code).toBe(0)
    const plans = readdirSync(join(folder, 'made')).map((file) => `made/${file.replace('.jsonl', '')}`)
    expect(plans).toHaveLength(2)
    const { code, stdout, stderr } = await copylab(['diff', plans[0]!, plans[1]!, '--folder', folder])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^Plan: seed \d, then \d\nContext: /)
    expect(stdout).toMatch(/\n2 workers, 1K, total time, between sessions: in the second .* \(2 and 2 trials\)\n/)
    const same = await copylab(['diff', 'made', 'made', '--json', '--folder', folder])
    expect(same.stderr).toMatch(/^copylab: Expected two different studies, got made \([0-9a-f]{12}\) twice\n$/)
  })

  it('copylab study ends with where the study is, as a path and as an address that terminals open', async () => {
    const { code, stdout, stderr } = await copylab(study('--blocks', '1').filter((arg) => arg !== '--json'))
    expect(code, stderr).toBe(0)
    const [path, address] = stdout.trimEnd().split('\n').slice(-2)
    expect(path).toMatch(/^Written {3}.*\.jsonl$/)
    expect(address).toMatch(/^ {10}file:\/\/\/\S+copylab%20cli%20\S+\.jsonl$/)
    expect(existsSync(fileURLToPath(address!.trim()))).toBe(true)
  })

  it('copylab compare and explain answer for each setting that is not named', async () => {
    const ran = await copylab(study('--batch-size', '1000,1500', '--blocks', '2', '--warm-up-blocks', '0'))
    expect(ran.code, ran.stderr).toBe(0)
    const at = (...args: string[]): Promise<Outcome> => copylab([...args, '--folder', folder])
    const pair = ['--a', 'workers=2', '--b', 'workers=4']
    const compared = await at('compare', 'made', ...pair)
    expect(compared.stdout).toMatch(/^2 workers vs 4 at 1K: .*\n2 workers vs 4 at 1\.5K: .*\n$/)
    const { comparisons } = JSON.parse((await at('compare', 'made', ...pair, '--json')).stdout) as {
      comparisons: (Comparison & { sentence: string })[]
    }
    expect(comparisons.map(({ a, b }) => [a.batchSize, b.batchSize])).toEqual([
      [1000, 1000],
      [1500, 1500],
    ])
    expect(comparisons.map(({ sentence }) => sentence).join('\n')).toBe(compared.stdout.trimEnd())

    const changed = JSON.parse(
      (await at('explain', 'made', '--from', 'workers=2', '--to', 'workers=4', '--json')).stdout,
    )
    expect(changed.explanations.map(({ contrast }: { contrast: string }) => contrast)).toEqual([
      '2 workers to 4 at 1K',
      '2 workers to 4 at 1.5K',
    ])
    // At the top are the change of the first setting, which adds up, and the causes.
    expect(changed.changeMs).toBe(changed.explanations[0].changeMs.value)
    const contributed: { name: string; perWorkerMs: number }[] = changed.contributions
    expect(contributed.reduce((sum, { perWorkerMs }) => sum + perWorkerMs, 0)).toBe(changed.changeMs)
    expect(contributed.at(-1)!.name).toBe('unaccounted')
    expect(changed.causes.map(({ name }: { name: string }) => name)).toContain('wal')
    const several = await at('explain', 'made', 'made', '--from', 'workers=2', '--to', 'workers=4')
    expect([several.code, several.stderr]).toEqual([
      1,
      expect.stringMatching(/which leaves 2: add `batchSize` \(1000, 1500\) \(of study made; leave it out/),
    ])
    const spent = JSON.parse((await at('explain', 'made', '--at', 'workers=2', '--json')).stdout)
    expect(spent.explanations).toMatchObject([
      {
        at: { workers: 2, batchSize: 1000 },
        sentences: [expect.stringMatching(/^2 workers at 1K took /), '', ''].map((one) => one || expect.any(String)),
      },
      { at: { workers: 2, batchSize: 1500 } },
    ])
    const neither = await at('explain', 'made')
    expect([neither.code, neither.stderr]).toEqual([1, expect.stringContaining('Expected either --at, such as')])
    const one = await at('explain', 'made', '--at', 'workers=4,batchSize=1500')
    expect(one.stdout).toMatch(/^4 workers at 1\.5K took .*\nWhose time it was: .*\nThe client's own work, /)
    expect(one.stdout).toMatch(/\nactivity +seconds +lowerS +upperS +percent\nrunning +\d/)
    expect(one.stdout).toMatch(/\nclient's own work +seconds +lowerS +upperS +percent\nreading files +\d/)
  })

  it('copylab, and a command that only holds commands, answer what there is when they are called alone', async () => {
    const alone = await copylab([])
    expect(alone).toMatchObject({ code: 0, stderr: '' })
    expect(alone.stdout).toMatch(/^Usage: copylab [\s\S]*\n {2}compare /)
    const notebooks = await copylab(['notebook'])
    expect(notebooks).toMatchObject({ code: 0, stderr: '' })
    expect(notebooks.stdout).toMatch(/^Usage: copylab notebook [\s\S]*\n {2}run /)
    expect(await copylab(['absent'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('the help of every command ends with calls that can be typed', async () => {
    const { stdout } = await copylab([])
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!).filter((name) => name !== 'help')
    expect(names).toHaveLength(18)
    const helps = await Promise.all(
      [...names.filter((name) => name !== 'notebook').map((name) => [name]), ['notebook', 'run']].map(
        async (words) => ({ words, help: (await copylab([...words, '--help'])).stdout }),
      ),
    )
    for (const { words, help } of helps)
      expect(help).toMatch(new RegExp(`\\nExamples:\\n  npx copylab ${words.join(' ')}`))
    for (const { words, help } of helps.filter(({ words }) => ['compare', 'explain', 'study'].includes(words[0]!)))
      expect(help, words[0]).toMatch(/workers=\d,batchSize=\d+/)
  }, 60_000)

  it('copylab study runs controls, and compare reports them on a second line', async () => {
    const ran = await copylab(
      study(
        ...['--aa', 'workers=2', '--slowdown', 'workers=2', '--extra-work', 'workers=2', '--unprobed', 'workers=2'],
        ...['--blocks', '3'],
      ),
    )
    expect(ran.code, ran.stderr).toBe(0)
    expect((JSON.parse(ran.stdout) as { trials: number }).trials).toBe(20)
    const compared = await copylab(['compare', 'made', '--a', 'workers=2', '--b', 'workers=4', '--folder', folder])
    expect(compared.stdout.split('\n')[1]).toMatch(
      /^Two identical treatments \(2 workers at 1K\) compared: .*; a slow-down of 10 % was measured as .*; extra work of 5 % of the CPU time \(.*; observing \(2 workers at 1K\) costs .* of total time \(3 blocks\)$/,
    )
  })

  it('copylab study goes on after Ctrl-C where it stopped', async () => {
    let interrupted = false
    const first = await copylab(study('--blocks', '40'), (stderr, child) => {
      if (!interrupted && stderr.includes('block 2/40')) {
        interrupted = true
        child.kill('SIGINT')
      }
    })
    expect(first.code).toBe(130)
    expect(first.stderr).toContain('what was measured is kept')
    const kept = JSON.parse((await copylab(['trials', 'made', '--json', '--folder', folder])).stdout) as TrialRow[]
    expect(kept.length).toBeGreaterThanOrEqual(2)
    expect(kept.length).toBeLessThan(80)
    const second = await copylab(study('--blocks', '40'))
    expect(second.code, second.stderr).toBe(0)
    const all = JSON.parse((await copylab(['trials', 'made', '--json', '--folder', folder])).stdout) as TrialRow[]
    expect(all).toHaveLength(80)
    expect(all.slice(0, kept.length)).toEqual(kept)
    expect(readdirSync(join(folder, 'made'))).toHaveLength(1)
  })

  it('copylab notebook run -p executes a notebook with other parameters into a new file, and never over itself', async () => {
    const path = join(folder, 'small.ipynb')
    const cells = [
      "const params = { records: 717_000, workers: [1, 2], name: 'a', fresh: false }\nconst ofEarlier = () => params.records",
      'console.log(JSON.stringify(params), ofEarlier())',
    ]
    const written = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: cells.map((source, k) => ({
        cell_type: 'code',
        id: `c${k}`,
        metadata: k === 0 ? { tags: ['parameters'] } : {},
        source,
        execution_count: null,
        outputs: [],
      })),
    })
    writeFileSync(path, written)
    const values = ['-p', 'records=5_000', '-p', 'workers=1,4,8', '--parameter', 'fresh=true']
    const ran = await copylab(['notebook', 'run', path, ...values, '--out', join(folder, 'new', 'changed.ipynb')])
    expect(ran.code, ran.stderr).toBe(0)
    expect(readdirSync(join(folder, 'new')).sort()).toEqual(['changed.html', 'changed.ipynb'])
    expect(readFileSync(join(folder, 'new', 'changed.ipynb'), 'utf8')).toContain(
      JSON.stringify('{"records":5000,"workers":[1,4,8],"name":"a","fresh":true} 5000\n'),
    )
    const over = await copylab(['notebook', 'run', path, '--out', folder])
    expect(over.code).toBe(1)
    expect(over.stderr).toContain('Expected --out to name another place than that of the notebook itself')
    const wrong = await copylab(['notebook', 'run', path, '-p', 'records=many', '--out', join(folder, 'new')])
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toBe('copylab: Expected `records` to be a number, such as 30, got "many"\n')
    expect(readFileSync(path, 'utf8')).toBe(written)
  })

  it('copylab doctor finds what a study needs', async () => {
    const { code, stdout } = await copylab(['doctor', '--json'])
    const checks = JSON.parse(stdout) as { name: string; state: string; found: string }[]
    expect(code).toBe(0)
    // Each doubt about the server has a line of its own.
    expect([...new Set(checks.map((check) => check.name))]).toEqual([
      'Node.js',
      'cores',
      'free memory',
      'disk',
      'build',
      'tslab',
      'server',
      'storage',
      'checkpoints',
      'other work',
      'client',
    ])
    // Another test file may run a server at the same time, which is worth a warning.
    const server = checks.find((check) => check.name === 'server')!
    expect(server.state).not.toBe('problem')
    expect(server.found).toMatch(/^embedded: PostgreSQL 18\.\d+, database copylab$/)
    expect(checks.find((check) => check.name === 'storage')!.found).toMatch(/fdatasync of 8 KiB: median [\d.]+ ms/)
  })

  it('copylab doctor names the remedy for a server that cannot be used, and ends with 1', async () => {
    const env = { ...process.env, DATABASE_URL: 'postgres://somebody:hidden@127.0.0.1:1/nowhere' }
    const { code, stdout } = await copylab(['doctor', '--server', 'url'], undefined, env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ server +cannot be used\n {2}→ No server listens at 127\.0\.0\.1:1\/nowhere: start it/)
    expect(stdout).not.toContain('hidden')
  })

  it('copylab chapter makes the formats that it is asked for, and tells which and where', async () => {
    const help = await copylab(['chapter', '--help'])
    expect(help.code).toBe(0)
    for (const option of ['--from <notebook>', '--to <formats>', '--code <where>', '--bibliography <file>', '--as-is'])
      expect(help.stdout).toContain(option)
    expect(help.stdout).toContain('The notebook is executed first')
    const made = await copylab([
      'chapter',
      '--as-is',
      '--from',
      notebook('# One\n\nText.'),
      '--to',
      'tex,html',
      '--out',
      'made',
    ])
    expect(made.code, made.stderr).toBe(0)
    expect(made.stdout).toBe(
      [
        `tex       ${join('made', 'chapter.tex')}`,
        `          ${pathToFileURL(join(realpathSync(folder), 'made', 'chapter.tex')).href}`,
        `html      ${join('made', 'chapter.html')}`,
        `          ${pathToFileURL(join(realpathSync(folder), 'made', 'chapter.html')).href}`,
        'Contents  0 figures, 0 tables, 0 numbers\n',
      ].join('\n'),
    )
    expect(readdirSync(join(folder, 'made')).sort()).toEqual([
      'body.tex',
      'chapter.html',
      'chapter.tex',
      'figures',
      'numbers.tex',
      'preamble.tex',
      'tables',
    ])
  })

  it.each([
    [
      'an unknown format',
      ['--to', 'pdf,rtf'],
      'Text.',
      'Expected formats out of pdf, tex, docx, html, separated by commas, got rtf',
    ],
    [
      'a bibliography that is not there',
      ['--bibliography', 'absent.bib'],
      'Text.',
      'Expected a BibTeX file at absent.bib',
    ],
    [
      'a link to nothing',
      [],
      'See [x](#nowhere).',
      'The text links to #nowhere, which is no figure, table, heading or work',
    ],
    [
      'a place for code that it does not know',
      ['--code', 'everywhere'],
      'Text.',
      'Allowed choices are hidden, folded, appendix',
    ],
  ])('copylab chapter ends with 1 for %s', async (_, args, text, message) => {
    const { code, stderr, stdout } = await copylab([
      'chapter',
      '--as-is',
      '--from',
      notebook(text),
      '--out',
      folder,
      ...args,
    ])
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
  })

  it('copylab chapter ends with 1 for a failed cell, and for a notebook that is not there', async () => {
    const error = { output_type: 'error', ename: 'RangeError', evalue: 'no such plan', traceback: [] }
    const failed = { cell_type: 'code', id: 'broken', metadata: {}, source: '', execution_count: 1, outputs: [error] }
    const { code, stderr } = await copylab(['chapter', '--as-is', '--from', notebook('Text.', failed), '--out', folder])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'Cell broken failed (RangeError: no such plan): run the notebook again before it is exported',
    )
    const absent = await copylab(['chapter', '--as-is', '--from', 'absent.ipynb', '--out', folder])
    expect(absent.code).toBe(1)
    expect(absent.stderr).toContain('absent.ipynb')
  })

  it.each([
    [['compare', 'absent', '--a', 'workers=2', '--b', 'workers=4'], 'there is none yet'],
    [['compare', 'absent', '--a', 'threads=2', '--b', 'workers=4'], 'Expected factor=level'],
    [
      ['compare', 'absent', '--a', 'workers=2', 'batchSize=1000', '--b', 'workers=4'],
      'Expected levels joined by commas without spaces, workers=2,batchSize=1000, got workers=2 batchSize=1000',
    ],
    [['explain', 'absent', '--at', 'workers=2', '--to', 'workers=4'], 'Expected either --at, such as'],
    [['explain', 'absent', '--from', 'workers=2'], 'or both --from and --to'],
    [['explain', 'absent', '--at', 'workers=2'], 'there is none yet'],
    [
      ['study', '--name', 'made', '--batch-size', '1000,2000', '--aa', 'workers=2'],
      'which fits 2: add `batchSize` (1000, 2000)',
    ],
    [['explain', 'absent', '--from', 'workers=2', '--to', 'workers=4'], 'there is none yet'],
    [['check', 'absent'], 'there is none yet'],
    [
      ['compare', 'absent', '--a', 'workers=2', '--b', 'workers=4', '--metric', 'totalMS'],
      'Expected `metric` to be one of totalMs, ',
    ],
    [['best', 'absent', '--by', 'batch'], 'Expected factors, got `batch`: did you mean `batchSize`?'],
    [['diff', 'absent', 'b', '--level', '95'], 'Expected a share between 0 and 1, such as 0.95'],
    [['study', '--name', 'made', '--workers', 'two'], 'Expected whole numbers separated by commas'],
    [['study', '--name', 'made', '--input', './none'], 'There is no folder or file /'],
    [['study', '--name', 'made', '--server', 'mysql'], 'Expected `server` to be embedded, compose, url'],
    [
      ['notebook', 'run', '-p', 'block=30'],
      'Expected the name of a parameter (name, server, input, csvOptions, table, records, claims, workers',
    ],
    [['notebook', 'run', '-p', 'workers=all'], 'Expected `workers` to be a list of numbers, such as 1,2,4, got "all"'],
    [['notebook', 'absent.ipynb'], "unknown command 'absent.ipynb'"],
    [['study', '--like', 'orders', '--ddl', 'orders.sql'], 'Expected --like or --ddl, got both'],
  ])('copylab %j ends with 1 and says what to type', async (args, message) => {
    const { code, stderr, stdout } = await copylab(args.concat(args[1] === 'absent' ? ['--folder', folder] : []))
    expect(code).toBe(1)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
  })

  it('copylab study of a folder with a pipe in it ends at once, and names it', async () => {
    execFileSync('mkfifo', [join(folder, 'x.csv')])
    const { code, stderr } = await copylab(['study', '--name', 'made', '--input', folder, '--columns', 'id:int8'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      `${join(folder, 'x.csv')} is a pipe: put a file in its place, move it elsewhere, or leave it out by a \`pattern\` (--pattern)`,
    )
  })

  it('copylab explain says what the layouts of a study cost, by themselves and next to what else it explains', async () => {
    const lines = Array.from({ length: 500 }, (_, k) => `${k};note ${k}`)
    writeFileSync(join(folder, 'orders.csv'), `id;note\n${lines.join('\n')}\n`)
    writeFileSync(
      join(folder, 'orders.sql'),
      'CREATE TABLE {table} (id int, note text); CREATE INDEX by_note ON {table} (note)',
    )
    const studies = ['--folder', join(folder, 'studies')]
    const table = ['--input', 'orders.csv', '--ddl', 'orders.sql', '--layout', 'default', '--layout', 'bare=by_note']
    const few = ['--workers', '1,2', '--blocks', '2', '--warm-up-blocks', '0']
    const measured = await copylab(['study', '--name', 'laid', ...table, ...few, ...studies])
    expect(measured.code, measured.stderr).toBe(0)
    const { stdout } = await copylab(['explain', 'laid', ...studies])
    const cost = String.raw`, the index by_note \(btree \(note\)\) (costs|saves) −?\d.* ms \(95 % CI .*; the server has an index of 0\.0\d MB for it and wrote .* WAL`
    expect(stdout).toMatch(
      new RegExp(
        `^What the layouts cost:\nWith 1 worker at 10K${cost}\nWith 2 workers at 10K${cost}\n\nlayout +workers +costS`,
      ),
    )
    const at = await copylab(['explain', 'laid', '--at', 'workers=2,layout=bare', '--json', ...studies])
    const { explanations, layoutCosts } = JSON.parse(at.stdout) as {
      explanations: object[]
      layoutCosts: { a: { workers: number }; parts: object[]; sentence: string }[]
    }
    expect(explanations).toHaveLength(1)
    expect(layoutCosts).toMatchObject([{ a: { workers: 2, layout: 'bare' }, parts: [{ name: 'by_note' }] }])
    expect(layoutCosts[0]!.sentence).toMatch(new RegExp(cost))
  })

  it('copylab study takes the path of a single file', async () => {
    writeFileSync(join(folder, 'a.csv'), 'id\n1\n2\n')
    writeFileSync(join(folder, 'b.csv'), 'id\n3\n')
    const args = ['--columns', 'id:int8', '--workers', '1', '--blocks', '1', '--folder', join(folder, 'studies')]
    const { code, stderr } = await copylab(['study', '--name', 'made', '--input', 'a.csv', ...args])
    expect(code, stderr).toBe(0)
    expect(readStudy('made', { folder: join(folder, 'studies') }).contexts[0]!.input).toMatchObject({
      files: 1,
      records: 2,
      contents: [{ name: 'a.csv', bytes: 7 }],
    })
  })
})
