/** `copylab/notebook`: what a notebook's cells show things with. */

export * from '../notebook/display.js'
export { showTitlePage, type TitlePage } from '../notebook/handed-on/title-page.js'
