import type { Command } from 'commander'
import { contrastSettings } from '../analysis/contrast-settings.js'
import {
  type Estimate,
  type Explanation,
  explain,
  type LayoutCost,
  layoutCosts,
  type Selection,
  type SpentTime,
  sentencesOf,
  type TimeSpent,
} from '../entries/analysis.js'
import { readStudy, type Study, type Treatment } from '../entries/executor.js'
import { defaultLevel } from '../study/preregistration.js'
import { selectTreatment, selectTreatments } from '../study/selection.js'
import { defaultTreatment, type Factor, factorNames, levelsOf, sameTreatment } from '../study/treatment.js'
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
 * `copylab explain`: why one treatment takes more time or less than another, or where the workers'
 * time went under one, for each setting of the factors that are not named, and what the layouts
 * cost there. JSON is `{ explanations: […], layoutCosts: […] }`: what `explain` and `layoutCosts`
 * return in code, with their sentences. A change has `changeMs`, `contributions` and `causes` at
 * the top too: those of the setting with default levels, or of the first one.
 */
export function explainCommand(): Command {
  return readingCommand('explain', { level: { default: defaultLevel } })
    .description(
      "why one treatment takes more time than another, by what the workers did and by interventions; where the workers' time went with one treatment; what layouts cost",
    )
    .argument('<studies...>', 'names of studies: the change is of the first, its causes over all')
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
          'why 4 workers take more time than 2, at each batch size',
        ],
        [
          'explain reference-workers reference-arrangements --from workers=2 --to workers=4',
          'the same at the default levels, with the interventions of two studies',
        ],
        ['explain gin', 'what each layout of a study costs against the default one, at each setting'],
      ),
    )
    .addHelpText(
      'after',
      `
Factors that --from and --to do not name: one study is explained at each of their settings, several
studies at their default levels, which each of them must have. --json has changeMs (the change of the
time in ms), contributions (in ms per worker, which add up to it) and causes at the top: those of the
setting with the default levels, or of the first one where the study has no default level.`,
    )
    .action((names: readonly string[], flags: ExplainFlags) => {
      requireTreatments(flags)
      const studies = names.map((name) => readStudy(name, { folder: flags.folder }))
      const explanations = explanationsOf(studies, flags)
      const costs = costsOf(studies[0]!, explanations, flags)
      if (flags.json) printJson({ ...topOf(explanations), explanations, layoutCosts: costs })
      else print([...explanations.map(explanationText), ...costsText(costs)].join('\n\n'))
    })
}

const expectedTreatments =
  'either --at, such as --at workers=2,batchSize=10000, or both --from and --to, such as --from workers=2 --to workers=4'

/** Throws `TypeError` for options that go not together. */
function requireTreatments({ at, from, to }: ExplainFlags): void {
  if (at ? from || to : !from !== !to) throw new TypeError(`Expected ${expectedTreatments}`)
}

/**
 * Explains what the flags name; a study with several layouts may be asked for their costs alone.
 */
function explanationsOf(
  studies: readonly Study[],
  { at, from, to, level }: ExplainFlags,
): readonly (Explanation | TimeSpent)[] {
  const [study, ...others] = studies as readonly [Study, ...Study[]]
  if (from && to) {
    if (others.length > 0) return [explain(studies, { from, to, level })]
    return contrastSettings(study, { a: from, b: to }, ['from', 'to']).map((pair) =>
      explain(study, { from: pair.a, to: pair.b, level }),
    )
  }
  if (others.length > 0) {
    throw new TypeError(
      `Expected one study, or --from and --to with several, got ${studies.length}: several are for the causes of a change`,
    )
  }
  if (at) return treatmentsAt(study, at).map((treatment) => explain(study, { at: treatment, level }))
  if (levelsOf(study.plan.treatments, 'layout').length > 1) return []
  throw new TypeError(`Expected ${expectedTreatments}`)
}

/** What stands at the top of the JSON of a change; nothing for time that was spent. */
function topOf(explanations: readonly (Explanation | TimeSpent)[]): object {
  const changes = explanations.flatMap((one) => (one.result === 'explanation' ? [one] : []))
  const [first] = changes
  if (!first) return {}
  const isDefault = ({ from, to }: Explanation, factor: Factor): boolean =>
    from[factor] !== to[factor] || from[factor] === defaultTreatment[factor]
  const defaults = (one: Explanation): number => factorNames.filter((factor) => isDefault(one, factor)).length
  const { changeMs, contributions, causes } = changes.reduce((a, b) => (defaults(b) > defaults(a) ? b : a))
  return { changeMs: changeMs?.value ?? null, contributions, causes }
}

/** What the layouts of the explained treatments cost; of all where none is explained. */
function costsOf(
  study: Study,
  explanations: readonly (Explanation | TimeSpent)[],
  { level }: ExplainFlags,
): readonly LayoutCost[] {
  const explained = explanations.flatMap((one) => (one.result === 'explanation' ? [one.from, one.to] : [one.at]))
  const isExplained = (own: Treatment): boolean => explained.some((other) => sameTreatment(own, other))
  const costs = layoutCosts(study, { level })
  return explained.length === 0 ? costs : costs.filter(({ a, b }) => isExplained(a) || isExplained(b))
}

/** Every treatment that the levels leave. */
function treatmentsAt(study: Study, at: Selection): readonly Treatment[] {
  const left = selectTreatments(study, at, 'at')
  return left.length > 0 ? left : [selectTreatment(study, at, 'at')]
}

/**
 * The sentences, and below them the contributions to a change as a table in milliseconds per
 * worker, or the activities in worker-seconds and the client's own work in seconds.
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

function changeRows({ contributions, changeMs, totalMs }: Explanation): object[] {
  if (!changeMs || !totalMs) return []
  const { interval } = changeMs
  const sum = {
    label: 'time',
    fromMs: totalMs.from,
    toMs: totalMs.to,
    perWorkerMs: changeMs.value,
    lower: interval?.lower ?? null,
    upper: interval?.upper ?? null,
  }
  const tenths = (ms: number): number => Number(ms.toFixed(1)) || 0
  return [...contributions, sum].map(({ label, fromMs, toMs, perWorkerMs, lower, upper }) => ({
    'per worker': label,
    fromMs: tenths(fromMs),
    toMs: tenths(toMs),
    changeMs: tenths(perWorkerMs),
    ...(lower === null || upper === null ? {} : { lowerMs: tenths(lower), upperMs: tenths(upper) }),
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

/** What the layouts cost, in sentences and as a table. */
function costsText(costs: readonly LayoutCost[]): string[] {
  if (costs.length === 0) return []
  return [`What the layouts cost:\n${sentencesOf(...costs).join('\n')}`, rowsText(costs.map(costRow))]
}

function costRow({ layout, a, varying, cost, share, server }: LayoutCost): object {
  const { indexBytes, triggerMs, walBytes, walRecords, walFullPages } = server
  const named = varying.filter((factor) => factor !== 'layout')
  const megabytes = (bytes: number | null): number | null => (bytes === null ? null : Number((bytes / 1e6).toFixed(1)))
  const percent = (part: number): number => Number((part * 100).toFixed(1)) || 0
  return {
    layout,
    ...Object.fromEntries(named.map((factor) => [factor, a[factor]])),
    costS: cost && seconds(cost.value),
    ...(cost ? boundsOf(cost) : {}),
    percent: share && percent(share.value),
    ...(share?.interval
      ? { lowerPercent: percent(share.interval.lower), upperPercent: percent(share.interval.upper) }
      : {}),
    indexMB: megabytes(indexBytes),
    triggerS: triggerMs === null ? null : seconds(triggerMs),
    walMB: megabytes(walBytes),
    walRecords,
    walFullPages,
  }
}
