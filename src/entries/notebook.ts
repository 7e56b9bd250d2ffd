/** `copylab/notebook`: what a notebook's cells show things with. */

export { type PlainFigure, styledFigure } from '../analysis/figures/styled-figure.js'
export * from '../notebook/display.js'
export { showTitlePage, type TitlePage } from '../notebook/handed-on/title-page.js'
