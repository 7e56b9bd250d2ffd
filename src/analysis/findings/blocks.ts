import type { Control, Study, Treatment, Trial } from '../../executor/types.js'
import { listText, treatmentText } from '../sentence.js'
import { counted, sameTreatment } from '../treatments.js'
import { type StudyFinding, sessionAt } from './study-finding.js'

/** Blocks that did not treat all treatments alike: some missing or broken, or run in several sessions. Blocks not begun yet are none of them. */
export function unequalBlocks(study: Study): StudyFinding[] {
  const begun = [...new Set(study.trials.filter(({ phase }) => phase !== 'warm-up').map(({ block }) => block))]
    .sort((a, b) => a - b)
    .map((block) => ({ block, trials: study.trials.filter((trial) => trial.block === block) }))
  return [...missing(study, begun), ...broken(study, begun), ...interrupted(study, begun)]
}

interface Block {
  readonly block: number
  readonly trials: readonly Trial[]
}

interface Entry {
  readonly treatment: Treatment
  readonly control: Control | null
}

function entriesOf({ plan }: Study): Entry[] {
  const { aa, slowdown } = plan.controls
  return [
    ...plan.treatments.map((treatment) => ({ treatment, control: null })),
    ...(aa ? [{ treatment: aa, control: 'aa' as const }] : []),
    ...(slowdown ? [{ treatment: slowdown.treatment, control: 'slowdown' as const }] : []),
  ]
}

function missing(study: Study, blocks: readonly Block[]): StudyFinding[] {
  const gaps = blocks.flatMap(({ block, trials }) => {
    const absent = entriesOf(study).filter(
      ({ treatment, control }) =>
        !trials.some((trial) => trial.control === control && sameTreatment(trial.treatment, treatment)),
    )
    return absent.length > 0 ? [`${listText(absent.map((entry) => entryText(study, entry)))} in block ${block}`] : []
  })
  if (gaps.length === 0) return []
  return [
    {
      code: 'unequal-blocks',
      message: `Not run: ${shortList(gaps)}; comparisons leave such blocks out: run the same study again, which continues it`,
      trials: [],
    },
  ]
}

function broken(study: Study, blocks: readonly Block[]): StudyFinding[] {
  const failed = blocks.flatMap(({ trials }) => trials.filter(({ state }) => state === 'failed'))
  if (failed.length === 0) return []
  const named = failed.map((trial) => `${entryText(study, trial)} in block ${trial.block}`)
  return [
    {
      code: 'unequal-blocks',
      message: `${counted(failed.length, 'trial')} failed: ${shortList(named)}; comparisons leave such blocks out: remove the cause and add blocks, or measure anew (fresh: true)`,
      trials: failed.map(({ trial }) => trial),
    },
  ]
}

function interrupted(study: Study, blocks: readonly Block[]): StudyFinding[] {
  const torn = blocks.filter(
    ({ trials }) => new Set(trials.map(({ startedAt }) => sessionAt(study, startedAt))).size > 1,
  )
  if (torn.length === 0) return []
  const named = listText(torn.map(({ block }) => String(block)))
  return [
    {
      code: 'unequal-blocks',
      message: `${torn.length === 1 ? 'Block' : 'Blocks'} ${named} ran in several sessions, so that treatments were compared across a restart: look whether the ratios of ${torn.length === 1 ? 'that block stand' : 'those blocks stand'} apart, or add blocks`,
      trials: torn.flatMap(({ trials }) => trials.map(({ trial }) => trial)),
    },
  ]
}

function entryText(study: Study, { treatment, control }: Entry): string {
  const name = { aa: 'the identical treatment', slowdown: 'the slowed-down treatment' }
  return control ? name[control] : treatmentText(study, treatment)
}

function shortList(items: readonly string[]): string {
  const most = 4
  return items.length > most ? `${items.slice(0, most).join(', ')} and ${items.length - most} more` : listText(items)
}
