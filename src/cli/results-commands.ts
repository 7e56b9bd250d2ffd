import { Command, Option } from 'commander'
import {
  checkStudy,
  diffStudies,
  type Metric,
  sentencesOf,
  studyRows,
  trialRows,
  trialsCsv,
} from '../entries/analysis.js'
import { readStudies, readStudy, type Study } from '../entries/executor.js'
import { findingsText } from './findings-text.js'
import { folderOption } from './options.js'
import { print, printJson } from './print.js'
import { rowsText } from './text-table.js'

/** `copylab check`: doubts about a study. */
export function checkCommand(): Command {
  return new Command('check')
    .description("doubts about a study's validity, each with a remedy")
    .argument('<study>', 'name of the study')
    .addOption(folderOption())
    .option('--json', 'print JSON')
    .action((name: string, flags: { folder: string; json?: boolean }) => {
      const findings = checkStudy(readStudy(name, flags))
      if (flags.json) printJson(findings)
      else print(findingsText(findings))
    })
}

/** `copylab trials`: a study's trials, or all studies. */
export function trialsCommand(): Command {
  return new Command('trials')
    .description("a study's trials, one row each; without a name, all studies, one row each")
    .argument('[study]', 'name of the study')
    .option('--all', 'warm-up, control and failed trials too')
    .addOption(folderOption())
    .option('--csv', 'print CSV')
    .addOption(new Option('--json', 'print JSON').conflicts('csv'))
    .action((name: string | undefined, flags: { all?: boolean; folder: string; csv?: boolean; json?: boolean }) => {
      if (name === undefined) {
        const rows = studyRows(readStudies(flags))
        if (flags.csv) throw new TypeError('Expected the name of a study beside --csv')
        if (flags.json) printJson(rows)
        else print(rows.length > 0 ? rowsText(rows) : 'No study yet: run one with `copylab study` or `copylab start`')
        return
      }
      const study = readStudy(name, flags)
      const which = flags.all ? ({ phase: 'all', state: 'all' } as const) : {}
      if (flags.csv) process.stdout.write(trialsCsv(study, which))
      else if (flags.json) printJson(trialRows(study, which))
      else print(rowsText(trialRows(study, which)))
    })
}

interface DiffFlags {
  readonly metric: string
  readonly level: number
  readonly folder: string
  readonly json?: boolean
}

/** `copylab diff`: what differs between two studies. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('what differs between two studies: plans, contexts, and results, which are compared between sessions')
    .argument('<a>', 'name of the first study, or name/plan where several plans have the name')
    .argument('<b>', 'the second')
    .option('--metric <name>', 'a measure of the trials', 'totalMs')
    .option('--level <p>', 'confidence level', Number, 0.95)
    .addOption(folderOption())
    .option('--json', 'print JSON')
    .action((a: string, b: string, { metric, level, folder, json }: DiffFlags) => {
      const read = (text: string): Study => {
        const [name = '', hash] = text.split('/')
        return readStudy(name, { folder, hash })
      }
      const differences = diffStudies(read(a), read(b), { metric: metric as Metric, level })
      if (json) printJson(differences)
      else print(sentencesOf(differences).join('\n'))
    })
}
