import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CalibrationResult, calibrationTable } from '../bench/calibration/table.js'
import { type Results, report } from '../bench/report.js'
import { formatNumber } from '../src/analysis/tables/tables.js'
import { directionRules, mattersRules, sizeRules } from '../src/analysis/verdict/parts.js'
import { verdictRules } from '../src/analysis/verdict/verdict.js'
import { withBrowser } from '../src/chapter/browser.js'
import {
  type ClaimVerdict,
  claimVerdictRows,
  type Estimate,
  explain,
  type Figure,
  judgeClaims,
  plotClaims,
  plotTotalTime,
  plotWorkerSeconds,
  readClaims,
  recommend,
  sentencesOf,
} from '../src/entries/analysis.js'
import { projectRoot } from '../src/project.js'
import type { ChoiceFactor, CountFactor, NamedFactor } from '../src/study/factors/factor.js'
import { factorEntry, factorNames } from '../src/study/treatment.js'
import { chapterQuestion, readReferenceStudies } from './chapter/reference-chapter.js'

/** `npm run readme` writes what these tests compare. */
const writing = process.env.UPDATE_README === '1'
const readmePath = join(projectRoot, 'README.md')
const studies = readReferenceStudies()
const study = studies[0]!
/** The text between the marks of a name. */
const block = (name: string): RegExp =>
  new RegExp(`(?<=<!-- ${name}:begin[^\\n]*-->\\n).*?(?=<!-- ${name}:end -->)`, 's')
const { fewer, more, at } = chapterQuestion(study)
const figures = {
  'total-time': () => plotTotalTime(study, { where: at }),
  'worker-seconds': () => plotWorkerSeconds(study, { where: at }),
  claims: () => plotClaims(verdicts()),
} as const

function answerText(): string {
  const named = verdicts().filter(({ id }) => ['C1', 'C2', 'C7', 'C12b'].includes(id))
  const { hardware, server, node, input, startedAt } = study.contexts.at(-1)!
  const reason = sentencesOf(explain(study, { from: fewer, to: more }))[1]!
  const sentences = [...sentencesOf(recommend(study), ...named), reason].map((one) => one.replace(/\.$/, ''))
  const measured = study.trials.filter((trial) => trial.phase === 'measured').length
  return [
    ...sentences.map((sentence) => `- ${sentence}.`),
    '',
    `Measured on ${startedAt.slice(0, 10)} on ${hardware.cores} cores (${hardware.cpu}) with PostgreSQL ${server.version} and Node.js ${node}, client and server on the same machine:`,
    `${measured} trials of ${input.records.toLocaleString('en-US')} records each, in ${study.plan.blocks} blocks. Yours will differ: that is the point.`,
    '',
  ].join('\n')
}

/** The verdicts on all claims, by all reference studies. */
function verdicts(): ClaimVerdict[] {
  return judgeClaims(readClaims(), studies)
}

function claimsText(): string {
  const rows = claimVerdictRows(verdicts()).map(
    ({ id, claim, expected, word, direction, size, matters, blocks }) =>
      `| ${id} | ${claim} | ${expected} | **${word}** | ${direction ?? ''} | ${size ?? ''} | ${matters ?? ''} | ${blocks} |`,
  )
  return [
    '| | claim | expected | verdict | direction | size | matters | blocks |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function verdictsText(): string {
  const table = (title: string, rules: readonly { readonly word: string; readonly when: string }[]): string[] => [
    `| ${title} | |`,
    '| --- | --- |',
    ...rules.map(({ word, when }) => `| **${word}** | ${when} |`),
    '',
  ]
  return [
    ...table('verdict', verdictRules),
    ...table('direction', directionRules),
    ...table('size, where a least or a most is claimed', sizeRules),
    ...table('does it matter?', mattersRules),
  ].join('\n')
}

interface ProbeCost {
  readonly treatment: string
  readonly records: number
  readonly pairs: number
  readonly ratio: Estimate
}

/** What `npm run bench -- --peers --write` measured of a part. */
function benchResult(part: string): unknown {
  return JSON.parse(readFileSync(join(projectRoot, 'bench', 'results', `${part}.json`), 'utf8'))
}

function speedText(): string {
  const parts = ['loading', 'import', 'cpu-time', 'memory', 'overheads'] satisfies (keyof Results)[]
  const results = Object.fromEntries(parts.map((part) => [part, benchResult(part)])) as unknown as Results
  return `${report(results).join('\n')}\n`
}

function costText(): string {
  const { machine, costs } = benchResult('probe-cost') as {
    machine: { cpu: string; cores: number }
    costs: readonly ProbeCost[]
  }
  const percent = (ratio: number): string => `${ratio > 1 ? '+' : ''}${formatNumber((ratio - 1) * 100, 1)} %`
  const lines = costs.map(({ treatment, records, pairs, ratio }) => {
    const { lower, upper } = ratio.interval!
    return `- ${treatment}: total time ${percent(ratio.value)} [${percent(lower)}, ${percent(upper)}], ${pairs} pairs of ${records.toLocaleString('en-US')} records`
  })
  return [...lines, '', `(2 workers at 10K, on ${machine.cores} cores, ${machine.cpu}.)`, ''].join('\n')
}

function calibrationText(): string {
  return `${calibrationTable(benchResult('calibration') as CalibrationResult).join('\n')}\n`
}

function factorsText(): string {
  const rows = factorNames.map((factor) => {
    const entry = factorEntry(factor)
    const code = (level: unknown): string => `\`${String(level)}\``
    const levels = {
      count: () => `whole numbers from ${(entry as CountFactor).from}`,
      limit: () => `whole numbers from ${(entry as CountFactor).from}, ${code(null)}`,
      choice: () => (entry as ChoiceFactor<string>).levels.map(code).join(', '),
      switch: () => `${code(true)}, ${code(false)}`,
      named: () => `names with their meanings, ${code(`{ mine: ${(entry as NamedFactor<unknown>).example} }`)}`,
    }[entry.kind]()
    return `| \`${factor}\` | ${levels} | ${code(entry.default)} | ${entry.summary} |`
  })
  return ['| factor | levels | default | what it is |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

/** The figure as an SVG that names the data it was drawn from. */
async function drawSvg(figure: Figure): Promise<string> {
  return withBrowser(async (browser) => {
    const page = await browser.newPage()
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js') })
    const height = Number(figure.layout.height)
    const uri = (await page.evaluate(
      `Plotly.toImage(${JSON.stringify(figure)}, { format: 'svg', width: 760, height: ${height} })`,
    )) as string
    return decodeURIComponent(uri.slice(uri.indexOf(',') + 1))
  })
}

/** The figure's data as a comment at the end of its SVG. */
const stamp = (figure: Figure): string => `<!-- ${JSON.stringify(figure.data).replaceAll('--', '- -')} -->`

function expectBlock(name: string, text: string): void {
  const readme = readFileSync(readmePath, 'utf8')
  if (writing)
    writeFileSync(
      readmePath,
      readme.replace(block(name), () => text),
    )
  expect(block(name).exec(readFileSync(readmePath, 'utf8'))?.[0]).toBe(text)
}

describe('README.md', () => {
  it('states the answer that the reference study gives', () => {
    expectBlock('answer', answerText())
  })

  it("states the verdict on each of the note's claims", () => {
    expectBlock('claims', claimsText())
  })

  it('states the rules of the verdicts as the code has them', () => {
    expectBlock('verdicts', verdictsText())
  })

  it('has a row for every factor', () => {
    expectBlock('factors', factorsText())
  })

  it('states how fast loading is beside what it could be, and beside others', () => {
    expectBlock('speed', speedText())
  })

  it('states how often the statistics are right', () => {
    expectBlock('calibration', calibrationText())
  })

  it('states what the probes cost', () => {
    expectBlock('cost', costText())
  })

  it.each(Object.entries(figures))('shows the figure %s of the reference study', async (name, plot) => {
    const path = join(projectRoot, 'data', 'studies', study.plan.name, `${name}.svg`)
    const figure = plot()
    if (writing) writeFileSync(path, `${await drawSvg(figure)}\n${stamp(figure)}\n`)
    expect(readFileSync(path, 'utf8').trimEnd().endsWith(stamp(figure))).toBe(true)
    expect(readFileSync(readmePath, 'utf8')).toContain(`](data/studies/${study.plan.name}/${name}.svg)`)
  })

  it('names only files and commands that exist', () => {
    const readme = readFileSync(readmePath, 'utf8')
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!)
    expect(links.length).toBeGreaterThan(4)
    for (const link of links) expect(existsSync(join(projectRoot, link)), link).toBe(true)
    for (const [, script] of readme.matchAll(/npm run ([a-z:]+)/g)) expect(scripts, script).toHaveProperty([script!])
  })

  it.each(['README.md', 'CONTRIBUTING.md'])('%s names only files that the project has', (name) => {
    const text = readFileSync(join(projectRoot, name), 'utf8')
    const paths = [...text.matchAll(/`((?:src|test|notebooks|bench)\/[^`*<…\s]*)`/g)].map((match) => match[1]!)
    expect(paths.length).toBeGreaterThan(2)
    for (const path of paths) expect(existsSync(join(projectRoot, path)), path).toBe(true)
  })
})
