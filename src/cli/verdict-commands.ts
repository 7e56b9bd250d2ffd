import type { Command } from 'commander'
import { bestWorkers, deviations, fitScaling, judgeClaims, readClaims, sentencesOf } from '../entries/analysis.js'
import { readStudy } from '../entries/executor.js'
import { print, printJson } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'
import { examples } from './terminal/help.js'

interface ClaimsFlags extends ReadingFlags {
  readonly claims?: string
  readonly primary?: string
  readonly margin: number
}

/** `copylab claims`: a verdict on each claim of a file. */
export function claimsCommand(): Command {
  return readingCommand('claims', { level: { of: 'of all the others together', default: 0.95 } })
    .description('judge the claims of a file, each by the first of the studies that has what its test needs')
    .argument('<studies...>', 'names of studies')
    .option('--claims <file>', "the file of claims; data/claims.json, the working note's, by default")
    .option(
      '--primary <id>',
      'the claim that the number of claims does not touch; by default the one that the studies registered, if any',
    )
    .option('--margin <share>', 'the largest difference that does not matter', Number, 0.05)
    .addHelpText(
      'after',
      examples(
        ['claims reference-workers reference-arrangements reference-capacity', "the working note's claims"],
        ['claims mine --claims my-claims.json --primary A1', 'those of your own file'],
      ),
    )
    .action((names: readonly string[], { claims, primary, level, margin, folder, json }: ClaimsFlags) => {
      const studies = names.map((name) => readStudy(name, { folder }))
      const verdicts = judgeClaims(readClaims(claims), studies, { primary, level, margin })
      if (json) {
        printJson({ verdicts, plans: studies.map(deviations) })
        return
      }
      print(sentencesOf(...verdicts).join('\n'))
      for (const plan of studies.map(deviations)) {
        const [registered, ...found] = sentencesOf(plan)
        print(`\nPlan ${plan.hash} of ${plan.study}: ${registered}`)
        for (const deviation of found) print(`- ${deviation}`)
      }
    })
}

/** `copylab best`: how many workers to use. */
export function bestCommand(): Command {
  return readingCommand('best', { by: true, metric: true, level: { default: 0.95 } })
    .description('the worker counts that are not shown to be worse than the best, and the peak of throughput')
    .argument('<study>', 'name of the study')
    .addHelpText(
      'after',
      examples(
        ['best reference-workers', 'at each batch size'],
        [
          'best reference-capacity --by secondaryIndexes,persistence,synchronousCommit',
          'for each arrangement of the table',
        ],
      ),
    )
    .action((name: string, { by, metric, level, folder, json }: ReadingFlags) => {
      const study = readStudy(name, { folder })
      const sets = bestWorkers(study, { by, metric, level })
      const scalings = fitScaling(study, { by, level })
      if (json) printJson({ sets, scalings })
      else print(sentencesOf(...sets, ...scalings).join('\n'))
    })
}
