import type { Command } from 'commander'
import { compare, sentencesOf } from '../entries/analysis.js'
import { readStudy, type Treatment } from '../entries/executor.js'
import { partialTreatment } from './factor-options.js'
import { band } from './options.js'
import { print, printJson } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'

interface CompareFlags extends ReadingFlags {
  readonly a: Partial<Treatment>
  readonly b: Partial<Treatment>
  readonly fasterBy?: readonly [number, number]
}

/** `copylab compare`: two treatments of a study, and what its controls say. */
export function compareCommand(): Command {
  return readingCommand('compare', { metric: true, level: { default: null } })
    .description('compare two treatments of a study, paired by block')
    .argument('<study>', 'name of the study')
    .requiredOption('--a <levels>', 'the first treatment, such as workers=2', partialTreatment)
    .requiredOption('--b <levels>', 'the second, such as workers=4', partialTreatment)
    .option('--faster-by <band>', 'the claim: a faster than b by these shares, such as 0.05,0.15', band)
    .action((name: string, flags: CompareFlags) => {
      const { a, b, metric, level, fasterBy, folder } = flags
      const comparison = compare(readStudy(name, { folder }), {
        a,
        b,
        metric,
        level,
        ...(fasterBy && { claim: { fasterBy } }),
      })
      if (flags.json) printJson(comparison)
      else print(sentencesOf(comparison, comparison.controls).join('\n'))
    })
}
