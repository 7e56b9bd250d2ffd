import type { Treatment } from '../../study/treatment.js'
import { basisPhrase } from '../replicates/basis-words.js'
import { levelPhrase, subjectPhrase } from '../text/levels.js'
import { describedAs, type Fragment, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { estimatePhrase, treatmentPhrase } from '../text/sentence.js'
import type { Comparison } from './compare.js'
import type { Confirmation } from './confirm.js'

/** States the gain of a choice where it was made and on fresh blocks. */
export function confirmationWords({ chosen, baseline, choice, before, fresh }: Confirmation): Phrase {
  const measured = (name: string, { estimate, metric }: Comparison): Fragment =>
    estimate ? prefixed(name, estimatePhrase(estimate, metric)) : 'unknown'
  const named = (name: string, treatment: Treatment): Phrase =>
    prefixed(
      name,
      choice.result === 'best-set' ? levelPhrase('workers', treatment) : treatmentPhrase(treatment, choice.varying),
    )
  const fixed = choice.result === 'best-set' ? choice.fixed : {}
  const names = phrase`${named('chosen', chosen)} chosen; against ${named('baseline', baseline)}`
  const basis = basisPhrase(fresh, 'fresh blocks', 'fresh block')
  const sentence = phrase`${subjectPhrase(fixed)}${names} ${measured('before', before)} where that was chosen, ${measured('fresh', fresh)} on ${basis}`
  const at = choice.result === 'best-set' ? choice.at : ''
  return describedAs(`choice confirmed${at === '' ? '' : ` at ${at}`}`, sentence)
}
