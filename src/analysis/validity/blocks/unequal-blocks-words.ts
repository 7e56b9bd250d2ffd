import { controlWords } from '../../../study/controls.js'
import { type Fragment, listed, type Phrase, phrase, prefixed } from '../../text/phrase.js'
import { countedThings } from '../../text/quoted.js'
import { treatmentPhrase } from '../../text/sentence.js'
import { blockNumber, shortList } from '../../text/short-list.js'
import type { BlockEntry, FailedTrials, MissingTrials, RepeatedTrials, TornBlocks } from '../study-finding.js'

/** States which blocks did not treat all treatments alike. */
export function blocksPhrase(finding: MissingTrials | FailedTrials | RepeatedTrials | TornBlocks): Phrase {
  switch (finding.kind) {
    case 'missing':
      return phrase`Not run: ${gapsPhrase(finding)}; comparisons leave such blocks out: run the same study again, which continues it`
    case 'failed':
      return phrase`${countedThings('failed', finding.gaps.length, 'trial', 'trials that failed')} failed: ${gapsPhrase(finding)}; comparisons leave such blocks out: ${finding.stands ? 'this is not run again: remove the cause and add blocks, or measure again (fresh: true)' : 'remove the cause and run the same study again, which repeats what failed'}`
    case 'repeated': {
      const { trials } = finding
      return phrase`${countedThings('repeated', trials.length, 'trial', 'trials that were run again')} failed and ${trials.length === 1 ? 'was' : 'were'} run again, after the rest of the block: check whether the ratios of such blocks differ from those of the others, or add blocks`
    }
    case 'torn': {
      const { blocks } = finding
      const named = listed(blocks.map((block, k) => prefixed(String(k + 1), blockNumber(block))))
      return phrase`${blocks.length === 1 ? 'Block' : 'Blocks'} ${named} ran in several sessions, so that treatments were compared across a restart: check whether the ratios of ${blocks.length === 1 ? 'that block' : 'those blocks'} differ from those of the others, or add blocks`
    }
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(finding satisfies never)}`)
  }
}

function gapsPhrase({ gaps, varying }: MissingTrials | FailedTrials): Phrase {
  const entryPhrase = ({ treatment, control }: BlockEntry): Fragment =>
    control ? controlWords[control].treatment : treatmentPhrase(treatment, varying)
  const named = (entries: readonly BlockEntry[]): Phrase =>
    listed(
      entries.map((entry, k) =>
        entries.length > 1 ? prefixed(String(k + 1), entryPhrase(entry)) : entryPhrase(entry),
      ),
    )
  return shortList(gaps.map(({ block, entries }) => phrase`${named(entries)} in block ${blockNumber(block)}`))
}
