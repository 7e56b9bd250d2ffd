import type { Command } from 'commander'
import { contrastSettings } from '../analysis/contrast-settings.js'
import { type CompareOptions, compare, sentencesOf } from '../entries/analysis.js'
import { readStudy, type Treatment } from '../entries/executor.js'
import { partialTreatment } from './options/factor-options.js'
import { band } from './options/options.js'
import { print, printJson } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'
import { examples } from './terminal/help.js'

interface CompareFlags extends ReadingFlags {
  readonly a: Partial<Treatment>
  readonly b: Partial<Treatment>
  readonly fasterBy?: readonly [number, number]
}

/**
 * `copylab compare`: compares two treatments of a study, for each setting of the factors that not
 * both name, and prints what its controls show. JSON is `{ comparisons: [{ verdict, … }] }`, one
 * for each setting.
 */
export function compareCommand(): Command {
  return readingCommand('compare', { metric: true, level: { default: null } })
    .description('compare two treatments of a study, paired by block, in each setting that has both')
    .argument('<study>', 'name of the study')
    .requiredOption(
      '--a <levels>',
      'the first treatment, such as workers=2 or workers=2,batchSize=10000',
      partialTreatment,
    )
    .requiredOption('--b <levels>', 'the second, such as workers=4 or workers=4,batchSize=10000', partialTreatment)
    .option('--faster-by <band>', 'the claim: a faster than b by these shares, such as 0.05,0.15', band)
    .addHelpText(
      'after',
      examples(
        ['compare reference-workers --a workers=2 --b workers=4', 'at each batch size'],
        ['compare reference-workers --a workers=2,batchSize=10000 --b workers=4,batchSize=10000', 'at one'],
        [
          'compare reference-workers --a batchSize=10000 --b batchSize=30000 --metric insertMs',
          'with each worker count',
        ],
      ),
    )
    .action((name: string, flags: CompareFlags) => {
      const { metric, level, fasterBy, folder, json } = flags
      const study = readStudy(name, { folder })
      const asked: Omit<CompareOptions, 'a' | 'b'> = { metric, level, ...(fasterBy && { claim: { fasterBy } }) }
      const comparisons = contrastSettings(study, flags).map((pair) => compare(study, { ...asked, ...pair }))
      if (json) printJson({ comparisons })
      else {
        // Controls are the study's: all comparisons at one level share them.
        const controls = new Set(comparisons.flatMap((one) => sentencesOf(one.controls)))
        print([...sentencesOf(...comparisons), ...controls].join('\n'))
      }
    })
}
