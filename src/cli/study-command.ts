import { Command, Option } from 'commander'
import { primaryContrast } from '../claims/primary.js'
import { checkStudy, readClaims, summarise } from '../entries/analysis.js'
import { type Bound, runStudy, type StudyOptions, serverNamed } from '../entries/executor.js'
import { failedPlaces } from '../study/blocks/attempts.js'
import { journalPath } from '../study/journal/journal.js'
import { defaultBlocks } from '../study/make-plan.js'
import { answerSentences } from './chapter.js'
import { addCsvOptions } from './options/csv-options.js'
import { addFactorOptions, type FactorFlags, factorsOf, partialTreatment } from './options/factor-options.js'
import { type InputFlags, inputOf } from './options/input-options.js'
import { addLoaderOptions, type LoaderFlags, loadersOf } from './options/loader-options.js'
import { type ControlFlags, integer, serverOption } from './options/options.js'
import { studyNameOf } from './options/study-name.js'
import {
  addTableOptions,
  distributeOption,
  type LayoutFlags,
  layoutsOf,
  type TableFlags,
  tableOf,
} from './options/table-options.js'
import { findingsText, placeText, print, printJson, rowsText } from './output.js'
import { folderOption } from './reading-command.js'
import { type ConsentFlags, consentOf, yesOption } from './server/consent.js'
import { failureLines } from './terminal/failure-lines.js'
import { examples } from './terminal/help.js'
import { progressOn, statusLine } from './terminal/progress.js'

interface StudyFlags extends InputFlags, TableFlags, LayoutFlags, LoaderFlags, FactorFlags, ControlFlags, ConsentFlags {
  readonly name?: string
  readonly server: string
  readonly folder: string
  readonly blocks?: number
  readonly sessions?: number
  readonly warmUpBlocks: number
  readonly seed: number
  readonly claims?: string
  readonly primary?: string
  readonly looks?: number
  readonly bound: Bound
  readonly fresh?: boolean
  readonly json?: boolean
}

/** `copylab study`: runs, continues or reads back one study. */
export function studyCommand(signal: AbortSignal): Command {
  const command = new Command('study')
    .description('run or continue a study: every combination of the levels, in random order within each block')
    .option(
      '--name <name>',
      "name of the study, for data/studies/<name>; by default that of the table, or of the input's files",
    )
  const measured = addLoaderOptions(addFactorOptions(command))
    .option(
      '--aa <levels>',
      'repeat this treatment in every block, such as workers=2, to see what no difference is',
      partialTreatment,
    )
    .option(
      '--slowdown <levels>',
      'repeat this treatment slowed down by 10 %, to see whether that is found',
      partialTreatment,
    )
    .option(
      '--extra-work <levels>',
      'repeat this treatment with work of the client that takes 5 % of its CPU time, to see whether that is found',
      partialTreatment,
    )
    .option(
      '--unprobed <levels>',
      'repeat this treatment with no probes, to see what observing costs',
      partialTreatment,
    )
    .option(
      '--blocks <n>',
      'complete passes over all treatments, 6 by default; with --looks at most that number, with --sessions a multiple of them',
      integer,
    )
    .option(
      '--sessions <n>',
      'group the blocks into n sessions, each with a server and a client process started for it',
      integer,
    )
    .option('--claims <file>', 'a file of claims, whose SHA-256 is preregistered with the primary one')
    .option('--primary <id>', 'preregister a claim of that file as the primary one; of data/claims.json without one')
    .option('--looks <n>', 'end early, at one of n looks, once the primary claim is decided', integer)
    .addOption(
      new Option('--bound <shape>', 'how the error rate is spent over the looks')
        .choices(['obrien-fleming', 'pocock'])
        .default('obrien-fleming'),
    )
    .option('--warm-up-blocks <n>', 'passes that are not analysed', integer, 1)
    .option('--seed <n>', 'decides the order within the blocks', integer, 1)
    .option('--input <which>', 'flights, synthetic, or a CSV file or a folder of them', 'flights')
    .option('--records <n>', 'records per trial', integer)
    .option('--offset <n>', 'records to pass over', integer)
  return addTableOptions(addCsvOptions(measured))
    .addOption(distributeOption())
    .addOption(serverOption())
    .addOption(yesOption())
    .addOption(folderOption())
    .option('--fresh', 'measure again although the plan is on disk')
    .option('--json', 'print the plan, the context and the summary as JSON')
    .addHelpText(
      'after',
      examples(
        [
          'study --name mine --workers 1,2,4 --batch-size 10000,30000 --blocks 12',
          'every worker count at every batch size, in 12 blocks',
        ],
        [
          'study --name mine --workers 2,4 --aa workers=2,batchSize=10000 --primary C1',
          'one treatment twice in each block, about claim C1',
        ],
        [
          'study --name orders --input ./orders --columns id:int8,name:text --server url',
          'your own CSV files on the server of DATABASE_URL',
        ],
        [
          'study --name orders --input ./orders --like public.orders --layout default --layout bare=orders_tags_idx --server url',
          'into a table like your own, with and without an index',
        ],
        [
          'study --name spread --input flights --layout default --distribute flight_id --server url',
          'into a table of the coordinator, and over the nodes of its Citus cluster',
        ],
      ),
    )
    .action(async (flags: StudyFlags) => {
      const name = flags.name ?? studyNameOf(flags)
      const line = statusLine()
      const study = await runStudy({
        name,
        server: serverNamed(flags.server),
        input: inputOf(flags),
        table: tableOf(flags),
        factors: { ...factorsOf(flags), ...layoutsOf(flags), ...loadersOf(flags) },
        controls: { aa: flags.aa, slowdown: flags.slowdown, work: flags.extraWork, unprobed: flags.unprobed },
        ...preregistered(flags),
        sessions: flags.sessions,
        warmUpBlocks: flags.warmUpBlocks,
        seed: flags.seed,
        fresh: flags.fresh,
        folder: flags.folder,
        signal,
        yes: consentOf(flags, line, signal),
        onProgress: progressOn(line, '--fresh'),
        onFound: (sentence) => line.note(sentence),
      }).finally(() => line.end())
      const summary = summarise(study)
      const failed = study.trials.filter((trial) => trial.state === 'failed')
      const left = failedPlaces(study)
      const failures = failureLines(study)
      const findings = checkStudy(study)
      if (flags.json) {
        const { plan, contexts, origin, journal } = study
        const trials = study.trials.length
        printJson({ plan, contexts, origin, journal, trials, failed, failedPlaces: left, summary, findings })
        for (const line of failures) process.stderr.write(`${line}\n`)
      } else {
        print(answerSentences(study).join('\n'))
        print(rowsText(summary))
        for (const line of failures) print(line)
        if (findings.length > 0) print(findingsText(findings))
        print(placeText(study.origin === 'disk' ? 'Read' : 'Written', journalPath(flags.folder, name, study.plan.hash)))
      }
      // Trials that were run again, and those that are never analysed, leave no gap.
      if (left.length > 0) process.exitCode = 1
    })
}

/**
 * Options that are decided before the study runs: the claim and its file, the number of blocks, and
 * when the study may end before them.
 */
function preregistered(flags: StudyFlags): Pick<StudyOptions, 'primary' | 'claims' | 'stop' | 'blocks'> {
  const { looks, bound, blocks } = flags
  const stop = looks === undefined ? undefined : { looks, bound, maxBlocks: blocks ?? defaultBlocks }
  return { ...preregisteredClaim(flags), stop, blocks: stop ? undefined : blocks }
}

function preregisteredClaim({ claims: file, primary }: StudyFlags): Pick<StudyOptions, 'primary' | 'claims'> {
  if (primary === undefined && file === undefined) return {}
  const claims = readClaims(file)
  if (primary === undefined) {
    const ids = claims.claims.map(({ id }) => id).join(', ')
    throw new TypeError(`Expected --primary with --claims, to name the claim that the study is about: one of ${ids}`)
  }
  const contrast = primaryContrast(claims, primary, '--primary')
  return file === undefined ? { primary: contrast } : { primary, claims }
}
