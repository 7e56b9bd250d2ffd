import { Command } from 'commander'
import { confirm, type Factor, type Metric, sentencesOf } from '../entries/analysis.js'
import { readStudy, runStudy, serverNamed } from '../entries/executor.js'
import { folderOption, inputOfPlan, integer, serverOption, words } from './options.js'
import { print, printJson } from './print.js'
import { progressOn, statusLine } from './progress.js'

interface ConfirmFlags {
  readonly as?: string
  readonly by: readonly string[]
  readonly baseline?: number
  readonly metric: string
  readonly level?: number
  readonly blocks: number
  readonly warmUpBlocks: number
  readonly seed: number
  readonly files?: string
  readonly server: string
  readonly folder: string
  readonly json?: boolean
}

/** `copylab confirm`: what the choice of a study is worth on blocks that took no part in it. */
export function confirmCommand(signal: AbortSignal): Command {
  return new Command('confirm')
    .description(
      "measure a study's best worker counts again, on fresh blocks, beside those that would be used otherwise",
    )
    .argument('<study>', 'name of the study that chose')
    .option('--as <name>', 'name of the study with the fresh blocks; <study>-confirmed by default')
    .option('--by <factors>', 'for each level of these factors', words, ['batchSize'])
    .option('--baseline <workers>', 'the worker count to compare with; 4 by default, 2 where 4 is chosen', integer)
    .option('--metric <name>', 'a measure of the trials', 'totalMs')
    .option('--level <p>', 'confidence level', Number)
    .option('--blocks <n>', 'fresh blocks', integer, 12)
    .option('--warm-up-blocks <n>', 'passes that are not analysed', integer, 1)
    .option('--seed <n>', 'decides the order within the blocks', integer, 1)
    .option('--files <folder>', "where a study's CSV files are")
    .addOption(serverOption())
    .addOption(folderOption())
    .option('--json', 'print JSON')
    .action(async (name: string, flags: ConfirmFlags) => {
      const { as = `${name}-confirmed`, by, baseline, level, blocks, warmUpBlocks, seed, folder } = flags
      const study = readStudy(name, { folder })
      const input = inputOfPlan(study.plan, flags.files)
      const line = statusLine()
      const confirmations = await confirm(study, {
        by: by as readonly Factor[],
        baseline,
        metric: flags.metric as Metric,
        level,
        run: (factors) =>
          runStudy({
            name: as,
            server: serverNamed(flags.server),
            input,
            factors,
            blocks,
            warmUpBlocks,
            seed,
            folder,
            signal,
            onProgress: progressOn(line),
          }),
      }).finally(() => line.end())
      if (flags.json) printJson(confirmations)
      else print(sentencesOf(...confirmations).join('\n'))
    })
}
