import { pageHtml } from '../../page/html-page.js'
import { figureFontCss } from '../fonts.js'

/** Content security policy: the page may show what it holds and load nothing. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"

/**
 * A page around a body that pandoc wrote. It holds its drawings and their font, and needs no other
 * file, script or request.
 */
export function htmlDocument(title: string, body: string): string {
  return pageHtml({
    title,
    policy,
    style: `\n${figureFontCss()}\n${style}\n`,
    body: `<main>\n${body}\n</main>`,
  })
}

const style = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1c1c1c; font: 17px/1.55 Georgia, 'Libertinus Serif', 'Times New Roman', serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.2rem 5rem; }
h1, h2, h3, h4 { font-family: 'Source Sans 3', Helvetica, Arial, sans-serif; line-height: 1.2; margin: 2.2em 0 0.6em; }
h1 { font-size: 1.45rem; } h1.title { font-size: 2rem; margin-top: 0; }
h2 { font-size: 1.15rem; } h3, h4 { font-size: 1rem; }
.author, .date { margin: 0.2em 0; }
.abstract { font-size: 0.94em; margin: 1.6em 1.5em; }
nav { font-family: 'Source Sans 3', Helvetica, Arial, sans-serif; font-size: 0.95em; }
nav ul { list-style: none; padding-left: 1.1em; margin: 0.2em 0; } nav > ul { padding-left: 0; }
a { color: #00477a; }
figure { margin: 2em 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption, caption { font: 0.88em/1.4 'Source Sans 3', Helvetica, Arial, sans-serif; text-align: left; }
figcaption { margin-top: 0.5em; } caption { caption-side: top; margin-bottom: 0.5em; }
.table { overflow-x: auto; margin: 2em 0; }
table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; font: 0.85em/1.35 'Source Sans 3', Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums; }
thead { border-bottom: 1px solid; }
table:has(colgroup) { min-width: 38rem; } table:not(:has(colgroup)) { white-space: nowrap; }
th, td { padding: 0.25em 0.6em; vertical-align: top; }
pre { font-size: 0.78em; line-height: 1.45; background: #f5f5f3; padding: 0.8em 1em; overflow-x: auto; }
details.code { margin: 1em 0; } details.code summary { cursor: pointer; font-size: 0.85em; color: #555; }
.csl-entry { padding-left: 1.5em; text-indent: -1.5em; margin: 0.4em 0; }
@media print {
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } a { color: inherit; text-decoration: none; }
  figure, tr { break-inside: avoid; } h1, h2, h3, h4, caption { break-after: avoid; } .table { overflow: visible; } table:has(colgroup) { min-width: 0; }
  pre { white-space: pre-wrap; } details.code:not([open]) { display: none; }
}
`
