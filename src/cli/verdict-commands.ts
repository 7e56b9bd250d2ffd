import { Command } from 'commander'
import {
  bestWorkers,
  type ClaimVerdict,
  claimVerdictRows,
  claimVerdictWords,
  deviations,
  type Factor,
  fitScaling,
  judgeClaims,
  type Metric,
  readClaims,
} from '../entries/analysis.js'
import { readStudy } from '../entries/executor.js'
import { folderOption, words } from './options.js'
import { print, printJson } from './print.js'

interface ClaimsFlags {
  readonly claims?: string
  readonly primary?: string
  readonly level: number
  readonly margin: number
  readonly folder: string
  readonly json?: boolean
}

/** `copylab claims`: a verdict on each claim of a file. */
export function claimsCommand(): Command {
  return new Command('claims')
    .description('judge the claims of a file, each by the first of the studies that has what its test needs')
    .argument('<studies...>', 'names of studies')
    .option('--claims <file>', "the file of claims; data/claims.json, the working note's, by default")
    .option(
      '--primary <id>',
      'the claim that the number of claims does not touch; by default the one that the studies registered, if any',
    )
    .option('--level <p>', 'confidence level of all the others together', Number, 0.95)
    .option('--margin <share>', 'the largest difference that does not matter', Number, 0.05)
    .addOption(folderOption())
    .option('--json', 'print JSON')
    .action((names: readonly string[], { claims, primary, level, margin, folder, json }: ClaimsFlags) => {
      const studies = names.map((name) => readStudy(name, { folder }))
      const verdicts = judgeClaims(readClaims(claims), studies, { primary, level, margin })
      if (json) {
        printJson({ verdicts: saidVerdicts(verdicts), plans: studies.map(deviations) })
        return
      }
      print(verdicts.map((verdict) => claimVerdictWords(verdict).text).join('\n'))
      for (const { study, hash, registered, deviations: found } of studies.map(deviations)) {
        print(`\nPlan ${hash} of ${study}: ${registered ?? 'nothing was registered, so this study explores'}`)
        for (const deviation of found) print(`- ${deviation}`)
      }
    })
}

/** The verdicts with their words in place of the comparisons that these are made from, for programs. */
function saidVerdicts(verdicts: readonly ClaimVerdict[]): object[] {
  const rows = claimVerdictRows(verdicts)
  return verdicts.map((said, k) => {
    const { found: _, ...verdict } = said
    const { text, numbers } = claimVerdictWords(said)
    return { ...verdict, ...rows[k], sentence: text, numbers }
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
      else print([...sets, ...scalings].map(({ sentence }) => sentence).join('\n'))
    })
}
