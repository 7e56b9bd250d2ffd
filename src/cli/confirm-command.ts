import type { Command } from 'commander'
import { confirm, sentencesOf } from '../entries/analysis.js'
import { readStudy, runStudy, serverNamed } from '../entries/executor.js'
import { inputOfPlan } from './options/input-options.js'
import { integer, serverOption } from './options/options.js'
import { print, printJson } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'
import { type ConsentFlags, consentOf, yesOption } from './server/consent.js'
import { examples } from './terminal/help.js'
import { progressOn, statusLine } from './terminal/progress.js'

interface ConfirmFlags extends ReadingFlags, ConsentFlags {
  readonly as?: string
  readonly baseline?: number
  readonly blocks: number
  readonly warmUpBlocks: number
  readonly seed: number
  readonly files?: string
  readonly server: string
}

/**
 * `copylab confirm`: measures what the choice of a study is worth, on blocks that took no part in
 * it.
 */
export function confirmCommand(signal: AbortSignal): Command {
  return readingCommand('confirm', {
    by: 'by default one choice among all settings',
    metric: true,
    level: { default: null },
  })
    .description(
      "measure a study's recommended setting again, on fresh blocks, together with the one that would be used otherwise",
    )
    .argument('<study>', 'name of the study that chose')
    .option('--as <name>', 'name of the study with the fresh blocks; <study>-confirmed by default')
    .option(
      '--baseline <workers>',
      "the worker count to compare with; by default the setting of the study's preregistered contrast with more workers, or the chosen one with the most, and the other one where that is chosen",
      integer,
    )
    .option('--blocks <n>', 'fresh blocks', integer, 12)
    .option('--warm-up-blocks <n>', 'passes that are not analysed', integer, 1)
    .option('--seed <n>', 'decides the order within the blocks', integer, 1)
    .option('--files <folder>', "where a study's CSV files are")
    .addOption(serverOption())
    .addOption(yesOption())
    .addHelpText(
      'after',
      examples(
        ['confirm reference-workers', '12 fresh blocks for the worker counts that it chose'],
        ['confirm mine --files ./orders --server url', 'of a study of CSV files, on the server of DATABASE_URL'],
      ),
    )
    .action(async (name: string, flags: ConfirmFlags) => {
      const { as = `${name}-confirmed`, by, baseline, level, blocks, warmUpBlocks, seed, folder } = flags
      const study = readStudy(name, { folder })
      const input = await inputOfPlan(study.plan, flags.files)
      const line = statusLine()
      const confirmations = await confirm(study, {
        by,
        baseline,
        metric: flags.metric,
        level,
        run: (factors) =>
          runStudy({
            name: as,
            server: serverNamed(flags.server),
            input,
            table: study.plan.definition?.source ?? study.plan.table ?? undefined,
            factors,
            blocks,
            warmUpBlocks,
            seed,
            folder,
            signal,
            yes: consentOf(flags, line, signal),
            onProgress: progressOn(line),
          }),
      }).finally(() => line.end())
      if (flags.json) printJson(confirmations)
      else print(sentencesOf(...confirmations).join('\n'))
    })
}
