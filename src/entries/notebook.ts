/** `copylab/notebook`: what a notebook's cells show things with. */

// Figures

export { styledFigure } from '../analysis/figures/styled-figure.js'
export { setUpFigures, show } from '../notebook/display.js'

// Words, tables and numbers

export { say, showMarkdown, showNumbers, showTable } from '../notebook/display.js'
export { showTitlePage } from '../notebook/handed-on/title-page.js'

// A long task's progress, and the stop button

export { interruptible, liveProgress } from '../notebook/display.js'

// The types of all these

export type * from './types/analysis.js'
export type * from './types/claims.js'
export type * from './types/notebook.js'
export type * from './types/study.js'
export type * from './types/verdicts.js'
