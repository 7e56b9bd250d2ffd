#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import {
  checkStudy,
  compare,
  type Explanation,
  explain,
  type StudyFinding,
  summarise,
  trialRows,
} from './analysis/index.js'
import { answerSentence, chapterNotebook, executeChapter, trialsLine } from './cli/chapter.js'
import {
  type ControlFlags,
  columns,
  type FactorFlags,
  factorsOf,
  type InputFlags,
  inputOf,
  integer,
  integers,
  numbers,
  onOff,
  partialTreatment,
  words,
} from './cli/options.js'
import { type PresetName, presets } from './cli/presets.js'
import { progressOn, statusLine } from './cli/progress.js'
import { rowsText } from './cli/text-table.js'
import { examine, flights, listStudies, readStudy, runStudy, serverNamed, type Treatment } from './executor/index.js'
import { studiesFolder } from './executor/journal.js'
import { projectRoot } from './executor/project.js'

const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }

/** Ctrl-C ends the running trial and keeps what was measured; a second one ends the process. */
const interruption = new AbortController()
process.once('SIGINT', () => {
  process.stderr.write('\nEnding the running trial; what was measured is kept. Press Ctrl-C again to end at once.\n')
  interruption.abort(new Error('Interrupted; the same command continues where it stopped'))
  process.once('SIGINT', () => process.exit(130))
})
process.once('SIGTERM', () => interruption.abort(new Error('Ended; the same command continues where it stopped')))
const { signal } = interruption

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))

const folderOption = (): Option =>
  new Option('--folder <path>', 'where studies are kept').default(studiesFolder, 'data/studies')

const serverOption = (): Option =>
  new Option(
    '--server <which>',
    'embedded; compose (npm run db:up); url (DATABASE_URL or the PG* variables); or a postgres:// address',
  ).default('embedded')

const program = new Command('copylab')
  .description('How many workers does a PostgreSQL bulk load need, how does that depend on the batch size, and why?')
  .version(version)
  .showHelpAfterError('(add --help for the options)')

program
  .command('start')
  .description('measure, execute the notebook, write the chapter as HTML, and print the answer')
  .addOption(new Option('--preset <name>', 'how much to measure').choices(Object.keys(presets)).default('quick'))
  .option('--name <name>', "beginning of the studies' names; the preset's name by default")
  .option('--workers <list>', 'worker counts, such as 1,2,4', integers)
  .option('--batch-sizes <list>', 'batch sizes, such as 10000,20000,30000', integers)
  .option('--blocks <n>', 'blocks of the main study', integer)
  .option('--side-blocks <n>', 'blocks of the two studies beside it', integer)
  .option('--records <n>', 'records per trial, up to 3000000', integer)
  .option('--seed <n>', 'decides the order within the blocks', integer)
  .option('--fresh', 'measure anew although the studies are on disk')
  .addOption(serverOption())
  .option('--out <folder>', 'where the notebook and the page are written; data/out/<name> by default')
  .action(async (flags: Record<string, unknown> & { preset: PresetName; out?: string }) => {
    const { preset, out, ...overrides } = flags
    const parameters = { ...presets[preset], ...overrides }
    await executeChapter({
      notebook: chapterNotebook,
      parameters,
      out: out ?? join(projectRoot, 'data', 'out', parameters.name),
      print,
      signal,
    })
    const studies = ['workers', 'batches', 'arrangements'].map((part) => `${parameters.name}-${part}`)
    print(`Trials    ${trialsLine(studies)}`)
    print(`\n${answerSentence(studies[0]!)}`)
  })

program
  .command('study')
  .description('run or continue a study: every combination of the levels, in random order within each block')
  .requiredOption('--name <name>', 'name of the study, for data/studies/<name>')
  .option('--workers <list>', 'worker counts', integers, [1, 2, 4])
  .option('--batch-size <list>', 'batch sizes', integers, [10_000])
  .option('--dispatch <list>', 'split, queue', words)
  .option('--client <list>', 'event-loop, threads', words)
  .option('--encoding <list>', 'text, binary', words)
  .option('--source <list>', 'pipeline, prepared', words)
  .option('--target <list>', 'table, nothing', words)
  .option('--secondary-indexes <list>', 'numbers of indexes beside the primary key', integers)
  .option('--persistence <list>', 'logged, unlogged', words)
  .option('--synchronous-commit <list>', 'on, off', (text: string) => words(text).map(onOff))
  .option(
    '--aa <levels>',
    'repeat this treatment in every block, such as workers=2, to see what no difference is',
    partialTreatment,
  )
  .option(
    '--slowdown <levels>',
    'repeat this treatment slowed down by 10 %, to see whether that is found',
    partialTreatment,
  )
  .option('--blocks <n>', 'complete passes over all treatments', integer, 6)
  .option('--warm-up-blocks <n>', 'passes that are not analysed', integer, 1)
  .option('--seed <n>', 'decides the order within the blocks', integer, 1)
  .option('--input <which>', 'flights, synthetic, or a folder of CSV files', 'flights')
  .option('--records <n>', 'records per trial', integer)
  .option('--offset <n>', 'records to pass over', integer)
  .option('--columns <list>', 'of CSV files: id:int8,name:text', columns)
  .option('--primary-key <list>', 'of CSV files: column names', words)
  .addOption(new Option('--on-bad-record <what>', 'what a malformed line does').choices(['stop', 'skip']))
  .addOption(serverOption())
  .addOption(folderOption())
  .option('--fresh', 'measure anew although the plan is on disk')
  .option('--json', 'print the plan, the context and the summary as JSON')
  .action(async (flags: StudyFlags) => {
    const line = statusLine()
    const study = await runStudy({
      name: flags.name,
      server: serverNamed(flags.server),
      input: inputOf(flags),
      factors: factorsOf(flags),
      controls: { aa: flags.aa, slowdown: flags.slowdown },
      blocks: flags.blocks,
      warmUpBlocks: flags.warmUpBlocks,
      seed: flags.seed,
      fresh: flags.fresh,
      folder: flags.folder,
      signal,
      onProgress: progressOn(line),
    }).finally(() => line.end())
    const summary = summarise(study)
    const failed = study.trials.filter((trial) => trial.state === 'failed')
    const findings = checkStudy(study)
    if (flags.json) {
      const { plan, contexts, origin, journal } = study
      printJson({ plan, contexts, origin, journal, trials: study.trials.length, failed, summary, findings })
    } else {
      print(rowsText(summary))
      for (const trial of failed) print(`Trial ${trial.trial} failed: ${trial.error.message}`)
      if (findings.length > 0) print(findingsText(findings))
      print(`${study.origin === 'disk' ? 'From disk' : 'Written to disk'}: ${study.journal}`)
    }
    if (failed.length > 0) process.exitCode = 1
  })

interface StudyFlags extends InputFlags, FactorFlags, ControlFlags {
  readonly name: string
  readonly server: string
  readonly folder: string
  readonly blocks: number
  readonly warmUpBlocks: number
  readonly seed: number
  readonly fresh?: boolean
  readonly json?: boolean
}

program
  .command('compare')
  .description('compare two treatments of a study, paired by block')
  .argument('<study>', 'name of the study')
  .requiredOption('--a <levels>', 'the first treatment, such as workers=2', partialTreatment)
  .requiredOption('--b <levels>', 'the second, such as workers=4', partialTreatment)
  .option('--metric <name>', 'a measure of the trials', 'totalMs')
  .option('--level <p>', 'confidence level', Number, 0.95)
  .option('--faster-by <band>', 'the claim: a faster than b by these shares, such as 0.05,0.15', band)
  .addOption(folderOption())
  .option('--json', 'print JSON')
  .action((name: string, flags: CompareFlags) => {
    const { a, b, metric, level, fasterBy, folder } = flags
    const comparison = compare(readStudy(name, { folder }), {
      a,
      b,
      metric: metric as never,
      level,
      ...(fasterBy && { claim: { fasterBy } }),
    })
    if (flags.json) printJson(comparison)
    else
      print([comparison.sentence, ...(comparison.controls.sentence ? [comparison.controls.sentence] : [])].join('\n'))
  })

interface CompareFlags {
  readonly a: Partial<Treatment>
  readonly b: Partial<Treatment>
  readonly metric: string
  readonly level: number
  readonly fasterBy?: readonly [number, number]
  readonly folder: string
  readonly json?: boolean
}

function band(text: string): readonly [number, number] {
  const [from, to, ...rest] = numbers(text)
  if (from === undefined || to === undefined || rest.length > 0)
    throw new InvalidArgumentError('Expected two shares, such as 0.05,0.15.')
  return [from, to]
}

program
  .command('explain')
  .description("where the workers' time went as one treatment became another")
  .argument('<study>', 'name of the study')
  .requiredOption('--from <levels>', 'the first treatment, such as workers=2', partialTreatment)
  .requiredOption('--to <levels>', 'the second, such as workers=8', partialTreatment)
  .option('--level <p>', 'confidence level', Number, 0.95)
  .addOption(folderOption())
  .option('--json', 'print JSON')
  .action((name: string, flags: ExplainFlags) => {
    const { from, to, level, folder } = flags
    const explanation = explain(readStudy(name, { folder }), { from, to, level })
    if (flags.json) printJson(explanation)
    else print(explanationText(explanation))
  })

interface ExplainFlags {
  readonly from: Partial<Treatment>
  readonly to: Partial<Treatment>
  readonly level: number
  readonly folder: string
  readonly json?: boolean
}

/** The sentences, and the activities as a table in worker-seconds. */
function explanationText({ sentence, reason, lockShare, activities }: Explanation): string {
  const seconds = (ms: number): number => Number((ms / 1000).toFixed(3))
  const rows = activities.map(({ label, fromMs, toMs, change }) => ({
    activity: label,
    fromS: seconds(fromMs),
    toS: seconds(toMs),
    changeS: seconds(change.value),
    ...(change.interval && { lowerS: seconds(change.interval.lower), upperS: seconds(change.interval.upper) }),
  }))
  const sentences = [sentence, reason, ...(lockShare ? [lockShare.sentence] : [])].join('\n')
  return rows.length > 0 ? `${sentences}\n\n${rowsText(rows)}` : sentences
}

program
  .command('check')
  .description("doubts about a study's validity, each with a remedy")
  .argument('<study>', 'name of the study')
  .addOption(folderOption())
  .option('--json', 'print JSON')
  .action((name: string, flags: { folder: string; json?: boolean }) => {
    const findings = checkStudy(readStudy(name, flags))
    if (flags.json) printJson(findings)
    else print(findingsText(findings))
  })

function findingsText(findings: readonly StudyFinding[]): string {
  return findings.map(({ code, message }) => `! ${code}: ${message}`).join('\n') || 'No finding'
}

program
  .command('trials')
  .description("a study's trials, one row each; without a name, the names of all studies")
  .argument('[study]', 'name of the study')
  .option('--all', 'warm-up, control and failed trials too')
  .addOption(folderOption())
  .option('--json', 'print JSON')
  .action((name: string | undefined, flags: { all?: boolean; folder: string; json?: boolean }) => {
    if (name === undefined) {
      const names = listStudies(flags.folder)
      if (flags.json) printJson(names)
      else print(names.join('\n') || 'No study yet: run one with `copylab study` or `copylab start`')
      return
    }
    const rows = trialRows(readStudy(name, flags), flags.all ? { phase: 'all', state: 'all' } : {})
    if (flags.json) printJson(rows)
    else print(rowsText(rows))
  })

program
  .command('notebook')
  .description('execute a notebook in a real tslab kernel, without Jupyter, and write it beside its page')
  .argument('[path]', 'the notebook; notebooks/worker-analysis.ipynb by default', chapterNotebook)
  .option('--out <folder>', 'where to write', join(projectRoot, 'data', 'out'))
  .option('--parameters <json>', 'values for the cell tagged `parameters`, as a JSON object')
  .action(async (path: string, flags: { out: string; parameters?: string }) => {
    const parameters = flags.parameters ? (JSON.parse(flags.parameters) as Record<string, unknown>) : undefined
    await executeChapter({ notebook: path, parameters, out: flags.out, print, signal })
  })

program
  .command('doctor')
  .description('what was found on this machine, and what to do about it')
  .addOption(serverOption())
  .option('--json', 'print JSON')
  .action(async (flags: { server: string; json?: boolean }) => {
    const checks = await examine(serverNamed(flags.server), flights({ records: 200_000 }), signal)
    if (flags.json) printJson(checks)
    else {
      for (const { name, state, found, remedy } of checks) {
        print(
          `${{ ok: '✓', warning: '!', problem: '✗' }[state]} ${name.padEnd(12)} ${found}${remedy ? `\n  → ${remedy}` : ''}`,
        )
      }
    }
    if (checks.some((check) => check.state === 'problem')) process.exitCode = 1
  })

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`copylab: ${(error as Error).message}\n`)
  process.exitCode = signal.aborted ? 130 : 1
})
