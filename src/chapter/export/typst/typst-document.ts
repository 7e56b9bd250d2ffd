import type { Manuscript } from '../manuscript.js'
import { printWidthCm } from '../print-figure.js'

/**
 * A Typst document around a body that pandoc wrote. The text of figures is 9 points; that of the
 * document is set in a serif that comes with the compiler.
 */
export function typstDocument(
  { title, authors, date, keywords }: Manuscript,
  abstract: string | null,
  body: string,
): string {
  const strings = (values: readonly string[]): string => `(${values.map((value) => `${string(value)},`).join('')})`
  return `#set document(title: ${string(title)}, author: ${strings(authors)}, keywords: ${strings(keywords)}, date: none)
#set page(paper: "a4", margin: (x: ${(21 - printWidthCm) / 2}cm, top: 2.6cm, bottom: 2.8cm), numbering: "1", header: context {
  if counter(page).get().first() > 1 [#set text(9pt, fill: luma(90)); #emph[${content(title)}] #h(1fr)]
})
#set text(font: "Libertinus Serif", size: 11pt, lang: "en", region: "GB")
#set par(justify: true, leading: 0.62em, spacing: 1.05em)
#set list(indent: 0.4em, spacing: 0.75em)
#set heading(numbering: "1.1")
#show heading.where(level: 1): set text(15pt)
#show heading.where(level: 2): set text(12.5pt)
#show heading: set block(above: 1.6em, below: 0.9em)
#show heading: set text(hyphenate: false)
#show link: set text(fill: rgb("#00477a"))
#show ref: set text(fill: rgb("#00477a"))
#show raw: set text(font: "DejaVu Sans Mono", size: 0.82em)
#show raw.where(block: true): it => block(width: 100%, inset: 6pt, fill: luma(246), radius: 2pt, text(8pt, it))
#show figure: set block(breakable: false, above: 1.5em, below: 1.5em)
#show figure.where(kind: image): set figure(placement: auto)
#show heading.where(level: 1): it => place.flush() + it
#show figure.where(kind: table): set block(breakable: true)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: table): it => layout(size => {
  let isLong = measure(width: size.width, it).height > 9cm
  block(breakable: isLong, it)
})
#show figure.caption: it => block(width: 100%, sticky: it.kind == table, {
  set text(9.5pt)
  set par(justify: false, leading: 0.5em)
  align(left, [#strong[#it.supplement #context it.counter.display(it.numbering).] #it.body])
})
#set table(stroke: none, inset: (x: 4pt, y: 2.6pt))
#set table.hline(stroke: 0.5pt)
#show table: it => {
  set text(8.8pt, hyphenate: false)
  set par(justify: false, leading: 0.45em)
  block(width: 100%, align(left, block(stroke: (top: 0.8pt, bottom: 0.8pt), it)))
}

#let horizontalrule = line(length: 100%, stroke: 0.5pt)

#v(1.5cm)
#block(width: 100%)[
  #set par(justify: false, leading: 0.5em)
  #text(21pt, weight: "bold", hyphenate: false)[${content(title)}]
${authors.length > 0 ? `\n  #v(0.5em)\n  #text(12pt)[${content(authors.join(', '))}]` : ''}${date ? `\n  #v(0.1em)\n  #text(11pt)[${content(date)}]` : ''}
]
${abstract === null ? '' : `#v(0.8em)\n#block(inset: (x: 1.2em))[#text(10pt)[#strong[Abstract.] ${abstract}]]\n`}
#v(0.6em)
#outline(title: [Contents], depth: 2, indent: auto)
#v(1em)

${body}
`
}

function string(text: string): string {
  return JSON.stringify(text)
}

function content(text: string): string {
  return `#${string(text)}`
}
