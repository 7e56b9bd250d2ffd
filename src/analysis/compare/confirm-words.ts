import { levelPhrase, subjectPhrase } from '../text/levels.js'
import { about, type Part, type Phrase, phrase, under } from '../text/phrase.js'
import { countedThings, quoted } from '../text/quoted.js'
import { estimatePhrase } from '../text/sentence.js'
import type { Comparison } from './compare.js'
import type { Confirmation } from './confirm.js'

/** What a choice was worth where it was made and on fresh blocks, in words, and how much of the gain is left. */
export function confirmationWords({ chosen, baseline, choice, before, fresh, shrinkage }: Confirmation): Phrase {
  const measured = (name: string, { estimate, metric }: Comparison): Part =>
    estimate ? under(name, estimatePhrase(estimate, metric)) : 'unknown'
  const left =
    shrinkage === null
      ? ''
      : phrase`: ${quoted('shrinkage', shrinkage * 100, (shrinkage * 100).toFixed(0), 'share of the gain that is left, in per cent')} % of the gain is left`
  const names = phrase`${under('chosen', levelPhrase('workers', chosen))} chosen; against ${under('baseline', levelPhrase('workers', baseline))}`
  const basis = countedThings('blocks', fresh.blocks, 'fresh block')
  const said = phrase`${subjectPhrase(choice.fixed)}${names} ${measured('before', before)} where that was chosen, ${measured('fresh', fresh)} on ${basis}${left}`
  return about(`choice confirmed${choice.at === '' ? '' : ` at ${choice.at}`}`, said)
}
