import { Command } from 'commander'
import { compare, sentencesOf } from '../entries/analysis.js'
import { readStudy, type Treatment } from '../entries/executor.js'
import { partialTreatment } from './factor-options.js'
import { band, folderOption } from './options.js'
import { print, printJson } from './print.js'

interface CompareFlags {
  readonly a: Partial<Treatment>
  readonly b: Partial<Treatment>
  readonly metric: string
  readonly level?: number
  readonly fasterBy?: readonly [number, number]
  readonly folder: string
  readonly json?: boolean
}

/** `copylab compare`: two treatments of a study, and what its controls say. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('compare two treatments of a study, paired by block')
    .argument('<study>', 'name of the study')
    .requiredOption('--a <levels>', 'the first treatment, such as workers=2', partialTreatment)
    .requiredOption('--b <levels>', 'the second, such as workers=4', partialTreatment)
    .option('--metric <name>', 'a measure of the trials', 'totalMs')
    .option(
      '--level <p>',
      "confidence level; that of the study's plan by default, 0.95 where it registers none",
      Number,
    )
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
      else print(sentencesOf(comparison, comparison.controls).join('\n'))
    })
}
