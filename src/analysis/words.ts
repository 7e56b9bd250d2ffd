import type { BestSet } from './compare/best-set.js'
import { bestSetWords } from './compare/best-set-words.js'
import type { Comparison } from './compare/compare.js'
import type { SpreadComparison } from './compare/compare-spread.js'
import { spreadWords } from './compare/compare-spread-words.js'
import { comparisonWords } from './compare/compare-words.js'
import type { Confirmation } from './compare/confirm.js'
import { confirmationWords } from './compare/confirm-words.js'
import type { ComparisonControls } from './compare/controls.js'
import { controlsWords } from './compare/controls-words.js'
import type { Interaction } from './compare/interaction.js'
import { interactionWords } from './compare/interaction-words.js'
import { causesWords } from './explain/causes/causes-words.js'
import type { Explanation, LockShareChange, Reason, TestedCauses } from './explain/explain.js'
import { lockShareWords, ownReasonWords } from './explain/explain-words.js'
import type { LayoutCost } from './explain/layout-costs.js'
import { layoutCostWords } from './explain/layout-costs-words.js'
import { changedNodesWords, nodesWords } from './explain/node-words.js'
import type { TimeSpent } from './explain/time-spent.js'
import { timeSpentWords } from './explain/time-spent-words.js'
import { contributionsWords, wallClockWords } from './explain/wall-clock/wall-clock-words.js'
import type { Recommendation, RecommendationMethod } from './recommend/recommend.js'
import { recommendationMethodWords, recommendationWords } from './recommend/recommendation-words.js'
import type { Scaling } from './scaling/scaling.js'
import { scalingWords } from './scaling/scaling-words.js'
import type { StudyDifferences } from './tables/diff-studies.js'
import { differencesWords } from './tables/diff-studies-words.js'
import type { Phrase } from './text/phrase.js'
import type { Deviations } from './validity/deviations.js'
import { deviationWords, preregisteredWords } from './validity/deviations-words.js'
import { findingWords } from './validity/finding-words.js'
import type { StudyFinding } from './validity/study-finding.js'
import type { Threat } from './validity/threat.js'
import { limitWords } from './validity/threat-words.js'

/** A result of the analysis: plain data; `result` names its kind. */
export type AnalysisResult =
  | Comparison
  | ComparisonControls
  | SpreadComparison
  | BestSet
  | Recommendation
  | RecommendationMethod
  | Confirmation
  | Interaction
  | Scaling
  | Explanation
  | TimeSpent
  | LayoutCost
  | LockShareChange
  | Reason
  | TestedCauses
  | Deviations
  | StudyFinding
  | Threat
  | StudyDifferences

/**
 * Returns the sentences of a result, each with its numbers. Most results have one sentence. An
 * explanation has one for the change of the time, one for the largest contributions to it, one for
 * each cause that was tested, and one for those that were not; time that was spent has one for the
 * workers' activities, one for the sides, and one for the client's own work; deviations begin with
 * the preregistration; controls have none where the study has none; a recommendation has up to
 * four, the setting to use first.
 */
export function analysisWords(result: AnalysisResult): readonly Phrase[] {
  switch (result.result) {
    case 'comparison':
      return [comparisonWords(result)]
    case 'controls': {
      const sentence = controlsWords(result)
      return sentence ? [sentence] : []
    }
    case 'spread-comparison':
      return [spreadWords(result)]
    case 'best-set':
      return [bestSetWords(result)]
    case 'recommendation':
      return recommendationWords(result)
    case 'recommendation-method':
      return [recommendationMethodWords(result)]
    case 'confirmation':
      return [confirmationWords(result)]
    case 'interaction':
      return [interactionWords(result)]
    case 'scaling':
      return [scalingWords(result)]
    case 'explanation':
      return [
        wallClockWords(result),
        ...(result.changeMs ? [contributionsWords(result)] : []),
        ...causesWords(result),
        ...changedNodesWords(result),
      ]
    case 'time-spent':
      return [...timeSpentWords(result), ...nodesWords(result)]
    case 'layout-cost':
      return [layoutCostWords(result)]
    case 'reason':
      return [ownReasonWords(result)]
    case 'causes':
      return causesWords(result)
    case 'lock-share':
      return [lockShareWords(result)]
    case 'deviations':
      return [preregisteredWords(result), ...result.deviations.map(deviationWords)]
    case 'finding':
      return [findingWords(result)]
    case 'threat':
      return [limitWords(result.limit)]
    case 'study-differences':
      return differencesWords(result)
    default:
      throw new TypeError(
        `Expected a result of copylab/analysis, got ${JSON.stringify((result satisfies never as { result?: unknown })?.result ?? result)}`,
      )
  }
}
