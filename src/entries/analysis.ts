/** `copylab/analysis`: from a study to tables, answers, verdicts on claims, words and figures. */

// Answers

export { bestSet } from '../analysis/compare/best-set.js'
export { compare } from '../analysis/compare/compare.js'
export { compareSpread } from '../analysis/compare/compare-spread.js'
export { confirm } from '../analysis/compare/confirm.js'
export { comparisonControls } from '../analysis/compare/controls.js'
export { interaction } from '../analysis/compare/interaction.js'
export { comparePrimary } from '../analysis/compare/interim.js'
export { explain } from '../analysis/explain/explain.js'
export { layoutCosts } from '../analysis/explain/layout-costs.js'
export { recommend } from '../analysis/recommend/recommend.js'
export { fitScaling } from '../analysis/scaling/scaling.js'
export { bestWorkers } from '../claims/best-workers.js'

// Whether a study is sound, and what limits it

export { checkStudy } from '../analysis/validity/check-study.js'
export { deviations } from '../analysis/validity/deviations.js'
export { threatsToValidity } from '../analysis/validity/threats.js'
export { undisturbedTrials } from '../study/blocks/disturbed.js'

// Claims and verdicts

export { verdictParts } from '../analysis/verdict/parts.js'
export { judge } from '../analysis/verdict/verdict.js'
export { claimOf, contrastsOf } from '../claims/claims.js'
export { claimsNamed } from '../claims/claims-named.js'
export { comparisonsOf } from '../claims/comparisons-of.js'
export { designStudy } from '../claims/design/design-study.js'
export { judgeClaims } from '../claims/judge-claims.js'
export { noteOf } from '../claims/note/note.js'
export { questionOf } from '../claims/question.js'
export { checkClaims, readClaims } from '../claims/read-claims.js'

// Words

export { inputWords } from '../analysis/text/input-words.js'
export { phrase } from '../analysis/text/phrase.js'
export { claimsWords } from '../claims/words/claims-words.js'
export { sentencesOf, wordsOf } from '../claims/words.js'

// Tables

export { doseResponseRows } from '../analysis/explain/dose-response.js'
export { contextRows } from '../analysis/tables/context.js'
export { diffStudies } from '../analysis/tables/diff-studies.js'
export { omittedColumns, partsFrame, trialsFrame } from '../analysis/tables/frames.js'
export { partRows, trialRows } from '../analysis/tables/rows.js'
export { studyRows } from '../analysis/tables/study-rows.js'
export { summarise } from '../analysis/tables/summary.js'
export { tableHtml, tableMarkdown } from '../analysis/tables/tables.js'
export { trialsCsv, writeTrialsCsv } from '../analysis/tables/trials-csv.js'
export { claimVerdictRows, statedClaimRows } from '../claims/words/claim-words.js'
export { metrics } from '../study/metric.js'

// Figures

export { plotThroughput, plotTotalTime } from '../analysis/figures/against-workers.js'
export { plotBestSets } from '../analysis/figures/best-sets.js'
export { plotCauses } from '../analysis/figures/causes.js'
export { plotContrasts } from '../analysis/figures/contrasts.js'
export { plotDoseResponse } from '../analysis/figures/dose-response.js'
export { plotHeatMap } from '../analysis/figures/heat-map.js'
export { plotInsertTime } from '../analysis/figures/insert-time.js'
export { plotRequiredBlocks } from '../analysis/figures/required-blocks.js'
export { plotRunOrder } from '../analysis/figures/run-order.js'
export { plotScaling } from '../analysis/figures/scaling.js'
export { plotBatchLatency } from '../analysis/figures/time/batch-latency.js'
export { plotPhases } from '../analysis/figures/time/phases.js'
export { plotResources } from '../analysis/figures/time/resources.js'
export { plotTimeline } from '../analysis/figures/time/timeline.js'
export { plotWaterfall } from '../analysis/figures/time/waterfall.js'
export { plotWorkerSeconds } from '../analysis/figures/time/worker-seconds.js'
export { plotClaims } from '../claims/plot-claims.js'

// Studies without a server

export { simulateStudy } from '../analysis/simulate/simulate-study.js'

// What earlier notebooks import

export * from './earlier/analysis.js'

// The types of all these

export type * from './types/analysis.js'
export type * from './types/claims.js'
export type * from './types/study.js'
export type * from './types/verdicts.js'
