import { join } from 'node:path'
import { Command, Option } from 'commander'
import { readStudy } from '../entries/executor.js'
import { projectRoot } from '../project.js'
import { answerSentences, chapterNotebook, ensureChapter, executeChapter, trialsLine } from './chapter.js'
import { integer, integers, serverOption } from './options/options.js'
import { print } from './output.js'
import { chapterStudies, type PresetName, presets } from './presets.js'
import { yesOption } from './server/consent.js'
import { examples } from './terminal/help.js'

/** `copylab start`: measures the chapter's studies, executes its notebook and prints the answer. */
export function startCommand(signal: AbortSignal): Command {
  return new Command('start')
    .description('measure, execute the notebook, write the chapter as HTML, and print the answer')
    .addOption(new Option('--preset <name>', 'how much to measure').choices(Object.keys(presets)).default('quick'))
    .option('--name <name>', "beginning of the studies' names; the preset's name by default")
    .option('--workers <list>', 'worker counts, such as 1,2,4', integers)
    .option('--batch-sizes <list>', 'batch sizes, such as 10000,20000,30000', integers)
    .option('--blocks <n>', 'blocks of the main study, at most', integer)
    .option('--looks <n>', 'end the main study at one of n looks, once its primary claim is decided', integer)
    .option('--confirm-blocks <n>', 'fresh blocks for the worker counts that it chooses; 0 for none', integer)
    .option('--side-blocks <n>', 'blocks of the two side studies', integer)
    .option('--records <n>', 'records per trial, up to 3000000', integer)
    .option('--seed <n>', 'decides the order within the blocks', integer)
    .option('--fresh', 'measure again although the studies are on disk')
    .addOption(serverOption())
    .addOption(yesOption())
    .option('--out <folder>', 'where the notebook and the page are written; data/out/<name> by default')
    .addHelpText(
      'after',
      examples(
        ['start', 'a first answer within minutes'],
        ['start --preset standard --workers 1,2,4,8', 'more blocks, other worker counts'],
        ['start --name mine --server url --batch-sizes 10000', 'on the server of DATABASE_URL'],
      ),
    )
    .action(async (flags: Record<string, unknown> & { preset: PresetName; out?: string }) => {
      const { preset, out, ...overrides } = flags
      await ensureChapter()
      const parameters = { ...presets[preset], ...overrides }
      await executeChapter({
        notebook: chapterNotebook,
        parameters,
        out: out ?? join(projectRoot, 'data', 'out', parameters.name),
        print,
        signal,
      })
      const studies = chapterStudies(parameters)
      print(`Trials    ${trialsLine(studies)}`)
      print(`\n${answerSentences(readStudy(studies[0]!)).join('\n')}`)
    })
}
