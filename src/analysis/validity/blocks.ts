import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { sameTreatment } from '../../study/treatment.js'
import type { Control, Trial } from '../../study/trial.js'
import { joined, listed, type Part, type Phrase, phrase, type QuotedNumber, under } from '../text/phrase.js'
import { countedThings, quotedCount, quotedPlace } from '../text/quoted.js'
import { treatmentPhrase } from '../text/sentence.js'
import { type StudyFinding, sessionAt, studyFinding } from './study-finding.js'

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
    return absent.length > 0
      ? [phrase`${listed(absent.map((entry) => entryPhrase(study, entry)))} in block ${blockNumber(block)}`]
      : []
  })
  if (gaps.length === 0) return []
  return [
    studyFinding(
      'unequal-blocks',
      phrase`Not run: ${shortList(gaps)}; comparisons leave such blocks out: run the same study again, which continues it`,
      [],
    ),
  ]
}

function broken(study: Study, blocks: readonly Block[]): StudyFinding[] {
  const failed = blocks.flatMap(({ trials }) => trials.filter(({ state }) => state === 'failed'))
  if (failed.length === 0) return []
  const named = failed.map((trial) => phrase`${entryPhrase(study, trial)} in block ${blockNumber(trial.block)}`)
  return [
    studyFinding(
      'unequal-blocks',
      phrase`${countedThings('failed', failed.length, 'trial', 'trials that failed')} failed: ${shortList(named)}; comparisons leave such blocks out: remove the cause and add blocks, or measure anew (fresh: true)`,
      failed.map(({ trial }) => trial),
    ),
  ]
}

function interrupted(study: Study, blocks: readonly Block[]): StudyFinding[] {
  const torn = blocks.filter(
    ({ trials }) => new Set(trials.map(({ startedAt }) => sessionAt(study, startedAt))).size > 1,
  )
  if (torn.length === 0) return []
  const named = listed(torn.map(({ block }, k) => under(String(k + 1), blockNumber(block))))
  return [
    studyFinding(
      'unequal-blocks',
      phrase`${torn.length === 1 ? 'Block' : 'Blocks'} ${named} ran in several sessions, so that treatments were compared across a restart: look whether the ratios of ${torn.length === 1 ? 'that block stand' : 'those blocks stand'} apart, or add blocks`,
      torn.flatMap(({ trials }) => trials.map(({ trial }) => trial)),
    ),
  ]
}

function blockNumber(block: number): QuotedNumber {
  return quotedPlace('block', block, 'number of a block')
}

function entryPhrase(study: Study, { treatment, control }: Entry): Part {
  const name = { aa: 'the identical treatment', slowdown: 'the slowed-down treatment' }
  return control ? name[control] : treatmentPhrase(study, treatment)
}

function shortList(items: readonly Part[]): Phrase {
  const most = 4
  const named = items.map((item, k) => under(String(k + 1), item))
  if (items.length <= most) return listed(named)
  const more = quotedCount('more', items.length - most, 'others that are not listed')
  return phrase`${joined(named.slice(0, most), ', ')} and ${more} more`
}
