import { Command } from 'commander'
import {
  bestWorkers,
  deviations,
  type Factor,
  fitScaling,
  judgeClaims,
  type Metric,
  readClaims,
  sentencesOf,
} from '../entries/analysis.js'
import { readStudy } from '../entries/executor.js'
import { folderOption, words } from './options.js'
import { print, printJson } from './print.js'

interface ClaimsFlags {
  readonly primary: string
  readonly level: number
  readonly margin: number
  readonly folder: string
  readonly json?: boolean
}

/** `copylab claims`: a verdict on each of the note's claims. */
export function claimsCommand(): Command {
  return new Command('claims')
    .description(
      "judge the working note's claims C1 to C15, each by the first of the studies that has what its test needs",
    )
    .argument('<studies...>', 'names of studies')
    .option('--primary <id>', 'the claim that the number of claims does not touch', 'C1')
    .option('--level <p>', 'confidence level of all the others together', Number, 0.95)
    .option('--margin <share>', 'the largest difference that does not matter', Number, 0.05)
    .addOption(folderOption())
    .option('--json', 'print JSON')
    .action((names: readonly string[], { primary, level, margin, folder, json }: ClaimsFlags) => {
      const studies = names.map((name) => readStudy(name, { folder }))
      const verdicts = judgeClaims(readClaims(), studies, { primary, level, margin })
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

interface BestFlags {
  readonly by: readonly string[]
  readonly metric: string
  readonly level: number
  readonly folder: string
  readonly json?: boolean
}

/** `copylab best`: how many workers to use. */
export function bestCommand(): Command {
  return new Command('best')
    .description('the worker counts that are not shown to be worse than the best, and the peak of throughput')
    .argument('<study>', 'name of the study')
    .option('--by <factors>', 'for each level of these factors', words, ['batchSize'])
    .option('--metric <name>', 'a measure of the trials', 'totalMs')
    .option('--level <p>', 'confidence level', Number, 0.95)
    .addOption(folderOption())
    .option('--json', 'print JSON')
    .action((name: string, { by, metric, level, folder, json }: BestFlags) => {
      const study = readStudy(name, { folder })
      const named = by as readonly Factor[]
      const sets = bestWorkers(study, { by: named, metric: metric as Metric, level })
      const scalings = fitScaling(study, { by: named, level })
      if (json) printJson({ sets, scalings })
      else print(sentencesOf(...sets, ...scalings).join('\n'))
    })
}
