import { printWidthCm } from '../print-figure.js'

/** Fields of a chapter's title page, as TeX. */
export interface LatexTitle {
  readonly title: string
  readonly authors: readonly string[]
  readonly keywords: readonly string[]
  readonly date: string | null
  readonly abstract: string | null
}

/**
 * An article around `body.tex`, for pdfTeX, XeTeX and LuaTeX: margins, captions and placement of
 * figures as in the other formats.
 */
export function latexDocument(
  { title, authors, keywords, date, abstract }: LatexTitle,
  hasBibliography: boolean,
): string {
  const marginCm = (21 - printWidthCm) / 2
  return `\\documentclass[11pt,a4paper]{article}
\\usepackage{iftex}
\\ifPDFTeX
  \\usepackage[T1]{fontenc}
  \\usepackage{lmodern}
  \\usepackage{microtype}
\\else
  \\usepackage{fontspec}
\\fi
\\usepackage[left=${marginCm}cm,right=${marginCm}cm,top=2.6cm,bottom=2.8cm]{geometry}
\\usepackage{parskip}
\\usepackage{xcolor}
${hasBibliography ? '\\usepackage[round]{natbib}\n' : ''}\\usepackage{caption}
\\captionsetup{font=small,labelfont=bf,labelsep=period,justification=raggedright,singlelinecheck=false}
% Figures stay in their sections, where they are named if they fit there.
\\usepackage[section]{placeins}
\\makeatletter\\def\\fps@figure{htbp}\\makeatother
\\setcounter{totalnumber}{4}
\\renewcommand{\\topfraction}{0.9}
\\renewcommand{\\bottomfraction}{0.7}
\\renewcommand{\\textfraction}{0.08}
\\renewcommand{\\floatpagefraction}{0.75}
\\setlength{\\emergencystretch}{3em}
\\input{preamble}
\\definecolor{link}{HTML}{00477A}
\\hypersetup{colorlinks=true,allcolors=link}
\\hypersetup{pdftitle={${title}},pdfauthor={${authors.join(', ')}},pdfkeywords={${keywords.join(', ')}}}

\\title{${title}}
\\author{${authors.join(' \\and ')}}
\\date{${date ?? ''}}

\\begin{document}
\\maketitle
${abstract === null ? '' : `\\begin{abstract}\n${abstract}\n\\end{abstract}\n`}\\tableofcontents

\\input{body}
${hasBibliography ? '\n\\bibliographystyle{plainnat}\n\\bibliography{references}\n' : ''}
\\end{document}
`
}

/**
 * The preamble that `body.tex` needs in any document that includes it. `highlighting` are pandoc's
 * macros for code, `declarations` those of characters.
 */
export function latexPreamble(highlighting: string, declarations: string): string {
  const code =
    highlighting === ''
      ? ''
      : `\\usepackage{fvextra}
${highlighting}
\\DefineVerbatimEnvironment{Highlighting}{Verbatim}{commandchars=\\\\\\{\\},breaklines,breakanywhere,fontsize=\\footnotesize}
`
  return `% What body.tex needs: \\input{preamble} before \\begin{document}. Where it cites works: natbib, or biblatex with natbib=true, too.
\\usepackage{amsmath,amssymb}
\\usepackage{longtable,booktabs,array,calc}
\\usepackage{graphicx}
\\usepackage{needspace}
\\usepackage{newunicodechar}
\\usepackage{hyperref}
\\newcounter{none} % what tables without a caption count
\\providecommand{\\tightlist}{\\setlength{\\itemsep}{0pt}\\setlength{\\parskip}{0pt}}
${code}${declarations}
`
}
