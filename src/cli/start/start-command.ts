import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { checkedInteger } from '../../check.js'
import { minBlocks } from '../../claims/family.js'
import { checkStudy, claimsNamed, questionOf } from '../../entries/analysis.js'
import { listStudies, readStudy, tableNamed } from '../../entries/executor.js'
import { namesFiles } from '../../executor/input/input-named.js'
import { declaredParameters } from '../../notebook/declared-parameters.js'
import { type Notebook, readNotebook } from '../../notebook/file/notebook-file.js'
import { projectRoot, wholePath } from '../../project.js'
import { checkStudyName } from '../../study/make-plan.js'
import { answerSentences, chapterNotebook, ensureChapter, executeChapter, trialsLine } from '../chapter.js'
import { addCsvOptions } from '../options/csv-options.js'
import type { InputFlags } from '../options/input-options.js'
import { integer, integers, serverOption } from '../options/options.js'
import { addTableOptions, namedTable, type TableFlags } from '../options/table-options.js'
import { findingsText, print } from '../output.js'
import { yesOption } from '../server/consent.js'
import { examples } from '../terminal/help.js'
import { nameOfFiles, ownFilesParameters } from './own-files.js'
import { type ChapterParameters, chapterStudies, type PresetName, presets } from './presets.js'

/** Parameters that flags of the same names state. */
const parameterFlags = [
  'name',
  'server',
  'records',
  'workers',
  'batchSizes',
  'blocks',
  'looks',
  'confirmBlocks',
  'sideBlocks',
  'reasonSessions',
  'seed',
  'fresh',
  'yes',
] as const satisfies readonly (keyof ChapterParameters)[]

interface StartFlags extends InputFlags, TableFlags, Partial<Pick<ChapterParameters, (typeof parameterFlags)[number]>> {
  readonly preset: PresetName
  readonly claims?: string
  readonly out?: string
  readonly records?: number
}

/** `copylab start`: measures the chapter's studies, executes its notebook and prints the answer. */
export function startCommand(signal: AbortSignal): Command {
  const command = new Command('start')
    .description('measure, execute the notebook, write the chapter as HTML, and print the answer')
    .addOption(new Option('--preset <name>', 'how much to measure').choices(Object.keys(presets)).default('quick'))
    .option('--name <name>', "beginning of the studies' names; the preset's name by default")
    .option('--workers <list>', 'worker counts, such as 1,2,4', integers)
    .option('--batch-sizes <list>', 'batch sizes, such as 10000,20000,30000', integers)
    .option('--blocks <n>', 'blocks of the main study, at most', integer)
    .option('--looks <n>', 'end the main study at one of n looks, once its primary claim is decided', integer)
    .option('--confirm-blocks <n>', 'fresh blocks for the worker counts that it chooses; 0 for none', integer)
    .option('--side-blocks <n>', 'blocks of the side studies', integer)
    .option('--reason-sessions <n>', 'sessions of the studies that take reasons away; 0 for none', integer)
    .option('--input <which>', 'flights, synthetic, or a CSV file or a folder of them', 'flights')
    .option('--records <n>', 'records per trial, at most; 0 for all', integer)
    .option('--claims <file>', 'claims to judge, or none; data/claims.json by default, none with your own files')
    .option('--seed <n>', 'decides the order within the blocks', integer)
    .option('--fresh', 'measure again although the studies are on disk')
    .addOption(serverOption())
    .addOption(yesOption())
    .option('--out <folder>', 'where the notebook and the page are written; data/out/<name> by default')
  return addTableOptions(addCsvOptions(command))
    .addHelpText(
      'after',
      examples(
        ['start', 'a first answer within minutes'],
        ['start --input ./orders', 'about your own CSV files'],
        ['start --input ./orders --like public.orders --server url', 'and into a table like your own'],
        ['start --preset standard --workers 1,2,4,8', 'more blocks, other worker counts'],
        ['start --name mine --server url --batch-sizes 10000', 'on the server of DATABASE_URL'],
      ),
    )
    .action(async (flags: StartFlags) => {
      await ensureChapter()
      const parameters = await parametersOf(flags, signal)
      checkDeclared(await readNotebook(chapterNotebook), parameters)
      await executeChapter({
        notebook: chapterNotebook,
        parameters: { ...parameters },
        out: flags.out ?? join(projectRoot, 'data', 'out', parameters.name),
        print,
        signal,
      })
      // Reasons are not taken away everywhere, nor is the question asked again where none waits.
      const measured = listStudies()
      const studies = chapterStudies(parameters).filter((name) => measured.includes(name))
      print(`Trials    ${trialsLine(studies)}`)
      const study = readStudy(studies[0]!)
      print(`\n${answerSentences(study).join('\n')}`)
      const findings = checkStudy(study)
      if (findings.length > 0) print(findingsText(findings))
    })
}

/** The preset's parameters, with what the flags say in their place. */
async function parametersOf(flags: StartFlags, signal: AbortSignal): Promise<ChapterParameters> {
  const { preset, input } = flags
  const stated = Object.fromEntries(parameterFlags.flatMap((name) => (name in flags ? [[name, flags[name]]] : [])))
  const ofFiles = namesFiles(input)
  const given: ChapterParameters = {
    ...presets[preset],
    ...(ofFiles ? { name: nameOfFiles(input, preset) } : {}),
    ...claimsParameters(flags),
    ...stated,
    ...tableParameters(flags),
  }
  checkLevels(given)
  if (!ofFiles) return input === 'flights' ? given : { ...given, input }
  return { ...given, ...(await ownFilesParameters({ ...flags, records: given.records, server: given.server }, signal)) }
}

/** Throws `TypeError` or `RangeError` for studies that cannot be planned, before files are read. */
function checkLevels(parameters: ChapterParameters): void {
  for (const name of chapterStudies(parameters)) checkStudyName(name)
  for (const workers of parameters.workers) checkedInteger('workers', workers, { from: 1 })
  for (const batchSize of parameters.batchSizes) checkedInteger('batchSizes', batchSize, { from: 1 })
  questionOf(claimsNamed(parameters.claims ?? 'data/claims.json'), null, parameters)
}

/** The parameter of the table to fill: none for one that fits the records. */
function tableParameters(flags: TableFlags): Pick<ChapterParameters, 'table'> {
  const table = namedTable(flags)
  return tableNamed(table) ? { table } : {}
}

/** The parameters that go with the claims to judge: none about one's own files. */
function claimsParameters({
  input,
  preset,
  claims = namesFiles(input) ? 'none' : undefined,
}: StartFlags): Partial<ChapterParameters> {
  if (claims === undefined) return {}
  const path = claims === 'none' ? claims : resolve(claims)
  const blocks = preset === 'quick' ? { blocks: minBlocks(claimsNamed(path)) } : {}
  return { claims: path === 'none' ? path : wholePath(path), ...blocks }
}

/** Throws `RangeError` for a notebook that was made before it could be told what to load. */
export function checkDeclared(notebook: Notebook, parameters: ChapterParameters): void {
  const declared = declaredParameters(notebook)
  const missing = Object.keys(parameters).filter((name) => !Object.hasOwn(declared, name))
  if (missing.length === 0) return
  throw new RangeError(
    `The chapter notebooks/worker-analysis.ipynb has no parameter ${missing.map((name) => `\`${name}\``).join(', ')}: it is an earlier one; rename it, and the same command places the present one`,
  )
}
