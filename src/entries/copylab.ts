/** `copylab`: what the cells of a chapter use. The other entries hold the rest. */

// Measure

export { confirm } from '../analysis/compare/confirm.js'
export { csv } from '../executor/input/csv/csv.js'
export { flights } from '../executor/input/flights/flights.js'
export { synthetic } from '../executor/input/synthetic/synthetic.js'
export { compose } from '../executor/server/compose.js'
export { embedded } from '../executor/server/embedded.js'
export { url } from '../executor/server/url.js'
export { runStudy } from './run-study.js'

// Studies on disk

export { diffStudies } from '../analysis/tables/diff-studies.js'
export { studyRows } from '../analysis/tables/study-rows.js'
export { writeTrialsCsv } from '../analysis/tables/trials-csv.js'
export { readStudies, readStudy } from './read-studies.js'

// Tables

export { contextRows } from '../analysis/tables/context.js'
export { trialsFrame } from '../analysis/tables/frames.js'
export { summarise } from '../analysis/tables/summary.js'

// Answers

export { compare } from '../analysis/compare/compare.js'
export { explain } from '../analysis/explain/explain.js'
export { recommend } from '../analysis/recommend/recommend.js'
export { fitScaling } from '../analysis/scaling/scaling.js'
export { checkStudy } from '../analysis/validity/check-study.js'
export { bestWorkers } from '../claims/best-workers.js'

// Claims

export { judgeClaims } from '../claims/judge-claims.js'
export { readClaims } from '../claims/read-claims.js'

// Figures

export { plotThroughput, plotTotalTime } from '../analysis/figures/against-workers.js'
export { plotBestSets } from '../analysis/figures/best-sets.js'
export { plotContrasts } from '../analysis/figures/contrasts.js'
export { plotHeatMap } from '../analysis/figures/heat-map.js'
export { plotRunOrder } from '../analysis/figures/run-order.js'
export { plotScaling } from '../analysis/figures/scaling.js'
export { plotTimeline } from '../analysis/figures/time/timeline.js'
export { plotWaterfall } from '../analysis/figures/time/waterfall.js'
export { plotWorkerSeconds } from '../analysis/figures/time/worker-seconds.js'

// Show

export { styledFigure } from '../analysis/figures/styled-figure.js'
export { say, show, showMarkdown, showTable } from '../notebook/display.js'
export { showTitlePage } from '../notebook/handed-on/title-page.js'

// The types of all these

export type * from './types/analysis.js'
export type * from './types/claims.js'
export type * from './types/executor.js'
export type * from './types/notebook.js'
export type * from './types/study.js'
export type * from './types/verdicts.js'
