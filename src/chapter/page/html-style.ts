/**
 * Style of the page: one column for reading, the contents next to it on wide screens, and a sheet
 * for print. No font is loaded.
 */
export const pageStyle = `
:root {
  color-scheme: light;
  --ink: #1c1f23; --soft: #5b6470; --line: #dfe3e8; --shade: #f6f7f9; --accent: #0b5cad; --bad: #b3261e;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", Cambria, "Noto Serif", "DejaVu Serif", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Open Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box }
html { scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100% }
body { margin: 0; color: var(--ink); background: #fff; font: 1.0625rem/1.62 var(--serif); text-rendering: optimizeLegibility }
.page { max-width: 48.5rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem }
main { min-width: 0 }
@media (min-width: 75rem) {
  .page { display: grid; grid-template-columns: 14rem minmax(0, 46rem); gap: 4.5rem; max-width: 67rem; padding-top: 4rem }
  nav { position: sticky; top: 4rem; align-self: start; max-height: calc(100vh - 6rem); overflow-y: auto }
}
h1, h2, h3, h4 { font-family: var(--sans); line-height: 1.22; letter-spacing: -.012em; font-weight: 650; break-after: avoid; text-wrap: balance }
h1 { font-size: 2.15rem; margin: 0 0 1.2rem }
h2 { font-size: 1.45rem; margin: 3.2rem 0 .8rem; padding-top: 1.4rem; border-top: 1px solid var(--line) }
h3 { font-size: 1.15rem; margin: 2.2rem 0 .6rem }
h4 { font-size: 1rem; margin: 1.8rem 0 .4rem }
p, ul, ol, blockquote, .text table { margin: 0 0 1.05rem }
p, li { hyphens: auto; orphans: 3; widows: 3 }
.output .markdown > :last-child { margin-bottom: 0 }
li + li { margin-top: .25rem }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .16em }
:is(h1, h2, h3, h4) a.anchor { color: inherit; text-decoration: none }
:is(h1, h2, h3, h4) a.anchor:hover::after { content: " #"; color: var(--soft); font-weight: 400 }
blockquote { padding: .1rem 0 .1rem 1.1rem; border-left: 3px solid var(--accent); color: #38404a; font-style: italic }
blockquote > :last-child { margin-bottom: 0 }
code, pre { font-family: var(--mono); font-size: .855em; font-variant-ligatures: none }
:not(pre) > code { padding: .08em .32em; background: var(--shade); border-radius: 3px; overflow-wrap: anywhere }
pre { margin: 0 0 1.05rem; padding: .85rem 1rem; overflow-x: auto; line-height: 1.5; background: var(--shade); border-radius: 6px }
img { max-width: 100%; height: auto }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5rem 0 }
math { font-size: 1.06em }
math[display="block"] { margin: 1.2rem 0; overflow-x: auto; overflow-y: hidden }
.tml-sml-pad { padding-left: .05em } .tml-med-pad { padding-left: .1em } .tml-lrg-pad { padding-left: .15em }
nav { font: .875rem/1.45 var(--sans); margin-bottom: 2.5rem }
nav summary { color: var(--soft); cursor: pointer; font-weight: 600; margin-bottom: .5rem }
nav ol { list-style: none; margin: 0; padding: 0 }
nav li { margin: 0 0 .4rem }
nav li.level-3 { padding-left: 1rem; font-size: .95em }
nav a { color: var(--soft); text-decoration: none }
nav a:hover { color: var(--accent) }
button { font: .8125rem var(--sans); color: var(--soft); background: #fff; border: 1px solid var(--line); border-radius: 5px; padding: .25rem .6rem; cursor: pointer; margin-top: .6rem }
button:hover { color: var(--accent); border-color: var(--accent) }
section.answer { margin: 0 0 1.8rem; padding: 1rem 1.2rem .2rem; background: var(--shade); border-left: 4px solid var(--accent); border-radius: 0 6px 6px 0; font-family: var(--sans); font-size: .97rem }
section.answer li:first-child, section.answer p:first-child { font-weight: 600 }
details.code { margin: 0 0 .35rem }
details.code > summary { display: inline-block; list-style: none; cursor: pointer; color: #7a838e; font: .78rem/1.6 var(--sans) }
details.code > summary::-webkit-details-marker { display: none }
details.code > summary::before { content: "\\25B8\\00A0" }
details.code[open] > summary::before { content: "\\25BE\\00A0" }
details.code > summary:hover { color: var(--accent) }
details.code pre { margin: .3rem 0 .8rem; border-left: 3px solid var(--line) }
.k { color: #7c2d92 } .s { color: #1a6b2c } .c { color: #6a737d; font-style: italic } .n { color: #0b5cad }
.output { margin: 0 0 1.3rem; overflow-x: auto }
.output > pre { margin: 0 }
.output > pre.error { color: var(--bad); background: #fdf3f2; border-left: 3px solid var(--bad); white-space: pre-wrap; overflow-wrap: anywhere }
.output > pre.stderr { color: #6b4e00; background: #fff9e8 }
.figure { min-height: 20rem }
table { border-collapse: collapse; font: .9rem/1.45 var(--sans); font-variant-numeric: tabular-nums lining-nums; border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink) }
caption { caption-side: top; text-align: left; padding: 0 0 .5rem; color: var(--soft); font-size: .95em }
th, td { padding: .36rem .9rem .36rem 0; text-align: left; vertical-align: top }
th:last-child, td:last-child { padding-right: .2rem }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom }
tbody tr + tr > * { border-top: 1px solid var(--line) }
tbody th { font-weight: 500 }
@page { margin: 20mm 18mm }
@media print {
  body { font-size: 10.5pt; line-height: 1.5 }
  .page { display: block; max-width: none; padding: 0 }
  nav, button, details.code:not([open]), .modebar { display: none !important }
  details.code > summary { display: none }
  h1 { font-size: 21pt } h2 { font-size: 14.5pt; margin-top: 20pt; padding-top: 10pt } h3 { font-size: 12pt }
  a { color: inherit; text-decoration: none }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact }
  .output { overflow: visible }
  .figure, table, blockquote, .output > img { break-inside: avoid }
  tr { break-inside: avoid } thead { display: table-header-group }
}
`
