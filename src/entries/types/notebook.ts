/** Types of what cells show. */

export type { TableForms, Tabular } from '../../notebook/display.js'
export type { PlotlyFigure } from '../../notebook/figure-display.js'
export type { TitlePage } from '../../notebook/handed-on/title-page.js'
export type { Sayable } from '../../notebook/said.js'
