import { type Command, Option } from 'commander'
import { checkStudy, diffStudies, sentencesOf, studyRows, trialRows, trialsCsv } from '../entries/analysis.js'
import { readStudy, type Study } from '../entries/executor.js'
import { findStudies } from '../entries/read-studies.js'
import { defaultLevel } from '../study/preregistration.js'
import { findingsText, print, printJson, rowsText } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'
import { examples } from './terminal/help.js'

/** `copylab check`: lists the doubts about a study's validity. */
export function checkCommand(): Command {
  return readingCommand('check')
    .description("doubts about a study's validity, each with a remedy")
    .argument('<study>', 'name of the study')
    .addHelpText('after', examples(['check reference-workers', 'what may be wrong with it, and what to do']))
    .action((name: string, flags: ReadingFlags) => {
      const findings = checkStudy(readStudy(name, { folder: flags.folder }))
      if (flags.json) printJson(findings)
      else print(findingsText(findings))
    })
}

interface TrialsFlags extends ReadingFlags {
  readonly all?: boolean
  readonly csv?: boolean
}

/** `copylab trials`: lists a study's trials, or all studies. */
export function trialsCommand(): Command {
  return readingCommand('trials')
    .description("a study's trials, one row each; without a name, all studies, one row each")
    .argument('[study]', 'name of the study')
    .option('--all', 'warm-up, control and failed trials too')
    .addOption(new Option('--csv', 'print CSV').conflicts('json'))
    .addHelpText(
      'after',
      examples(
        ['trials', 'all studies'],
        ['trials reference-workers --csv > trials.csv', "a study's trials for a spreadsheet"],
      ),
    )
    .action((name: string | undefined, flags: TrialsFlags) => {
      if (name === undefined) {
        const { studies, refused } = findStudies({ folder: flags.folder })
        if (refused.length > 0) process.exitCode = 1
        const rows = studyRows(studies)
        if (flags.csv) throw new TypeError('Expected the name of a study with --csv')
        if (flags.json) printJson(rows)
        else print(rows.length > 0 ? rowsText(rows) : 'No study yet: run one with `copylab study` or `copylab start`')
        return
      }
      const study = readStudy(name, { folder: flags.folder })
      const which = flags.all ? ({ phase: 'all', state: 'all' } as const) : {}
      if (flags.csv) process.stdout.write(trialsCsv(study, which))
      else if (flags.json) printJson(trialRows(study, which))
      else print(rowsText(trialRows(study, which)))
    })
}

/** `copylab diff`: lists the differences between two studies. */
export function diffCommand(): Command {
  return readingCommand('diff', { metric: true, level: { default: defaultLevel } })
    .description('what differs between two studies: plans, contexts, and results, which are compared between sessions')
    .argument('<a>', 'name of the first study, or name/plan where several plans have the name')
    .argument('<b>', 'the second')
    .addHelpText('after', examples(['diff reference-workers quick-workers', 'every treatment that both have']))
    .action((a: string, b: string, { metric, level, folder, json }: ReadingFlags) => {
      const read = (text: string): Study => {
        const [name = '', hash] = text.split('/')
        return readStudy(name, { folder, hash })
      }
      const differences = diffStudies(read(a), read(b), { metric, level })
      if (json) printJson(differences)
      else print(sentencesOf(differences).join('\n'))
    })
}
