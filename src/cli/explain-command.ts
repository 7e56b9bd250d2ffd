import type { Command } from 'commander'
import { contrastSettings } from '../analysis/contrast-settings.js'
import {
  type Estimate,
  type Explanation,
  explain,
  type Selection,
  type SpentTime,
  sentencesOf,
  type TimeSpent,
} from '../entries/analysis.js'
import { readStudy, type Study, type Treatment } from '../entries/executor.js'
import { defaultLevel } from '../study/preregistration.js'
import { selectTreatment, selectTreatments } from '../study/selection.js'
import { partialTreatment } from './options/factor-options.js'
import { print, printJson, rowsText } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'
import { examples } from './terminal/help.js'

interface ExplainFlags extends ReadingFlags {
  readonly at?: Partial<Treatment>
  readonly from?: Partial<Treatment>
  readonly to?: Partial<Treatment>
  readonly level: number
}

/**
 * `copylab explain`: where the workers' time went, under one treatment or as one became another,
 * for each setting of the factors that are not named. JSON is `{ explanations: […] }`, one for each
 * setting: what `explain` returns in code, with its sentences.
 */
export function explainCommand(): Command {
  return readingCommand('explain', { level: { default: defaultLevel } })
    .description("where the workers' time went: with one treatment, or as one became another")
    .argument('<study>', 'name of the study')
    .option('--at <levels>', 'one treatment, such as workers=2 or workers=2,batchSize=10000', partialTreatment)
    .option('--from <levels>', 'or how it changed: from this one, such as workers=2', partialTreatment)
    .option('--to <levels>', 'to that one, such as workers=8', partialTreatment)
    .addHelpText(
      'after',
      examples(
        [
          'explain reference-workers --at workers=2,batchSize=10000',
          'where the time goes with 2 workers and batches of 10,000 records',
        ],
        ['explain reference-workers --at workers=2', 'the same at each batch size'],
        [
          'explain reference-workers --from workers=2 --to workers=4',
          'what changes from 2 workers to 4, at each batch size',
        ],
      ),
    )
    .action((name: string, flags: ExplainFlags) => {
      const explanations = explanationsOf(() => readStudy(name, { folder: flags.folder }), flags)
      if (flags.json) printJson({ explanations })
      else print(explanations.map(explanationText).join('\n\n'))
    })
}

function explanationsOf(read: () => Study, { at, from, to, level }: ExplainFlags): (Explanation | TimeSpent)[] {
  if (at ? from || to : !from || !to) {
    throw new TypeError(
      'Expected either --at, such as --at workers=2,batchSize=10000, or both --from and --to, such as --from workers=2 --to workers=4',
    )
  }
  const study = read()
  if (at) return treatmentsAt(study, at).map((treatment) => explain(study, { at: treatment, level }))
  return contrastSettings(study, { a: from!, b: to! }, ['from', 'to']).map((pair) =>
    explain(study, { from: pair.a, to: pair.b, level }),
  )
}

/** Every treatment that the levels leave. */
function treatmentsAt(study: Study, at: Selection): readonly Treatment[] {
  const left = selectTreatments(study, at, 'at')
  return left.length > 0 ? left : [selectTreatment(study, at, 'at')]
}

/**
 * The sentences, and below them the activities as a table in worker-seconds, and the client's own
 * work as one in seconds.
 */
function explanationText(explanation: Explanation | TimeSpent): string {
  const tables = explanation.result === 'explanation' ? [changeRows(explanation)] : spentTables(explanation)
  const shown = tables.filter((rows) => rows.length > 0).map(rowsText)
  return [sentencesOf(explanation).join('\n'), ...shown].join('\n\n')
}

const seconds = (ms: number): number => Number((ms / 1000).toFixed(3))

function boundsOf({ interval }: Estimate): object {
  return interval ? { lowerS: seconds(interval.lower), upperS: seconds(interval.upper) } : {}
}

function changeRows({ activities }: Explanation): object[] {
  return activities.map(({ label, fromMs, toMs, change }) => ({
    activity: label,
    fromS: seconds(fromMs),
    toS: seconds(toMs),
    changeS: seconds(change.value),
    ...boundsOf(change),
  }))
}

function spentTables({ activities, rest, client }: TimeSpent): object[][] {
  const rows = (name: string, all: readonly SpentTime[]): object[] =>
    all.map(({ label, ms, share }) => ({
      [name]: label,
      seconds: seconds(ms.value),
      ...boundsOf(ms),
      percent: Number((share * 100).toFixed(1)) || 0,
    }))
  return [rows('activity', [...activities, ...(rest ? [rest] : [])]), rows("client's own work", client)]
}
