import { Command } from 'commander'
import { checkStudy, trialRows } from '../analysis/index.js'
import { listStudies, readStudy } from '../executor/index.js'
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

/** `copylab trials`: a study's trials, or the names of all studies. */
export function trialsCommand(): Command {
  return new Command('trials')
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
}
