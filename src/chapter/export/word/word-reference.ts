import { strFromU8, strToU8, unzipSync } from 'fflate'
import { pandoc } from '../pandoc.js'
import { printWidthCm } from '../print-figure.js'
import { zipped } from './word-zip.js'

/**
 * Properties that replace those of one of pandoc's styles: of the paragraph and of its characters,
 * in WordprocessingML; lengths are twentieths of a point, sizes half points.
 */
interface Style {
  readonly paragraph?: string
  readonly character?: string
}

const serif = fonts('Times New Roman')
const sans = fonts('Arial')
const mono = fonts('Courier New')
const link = '<w:color w:val="00477A"/>'

const styles: Readonly<Record<string, Style>> = {
  BodyText: { paragraph: `${spacing(70, 70, 264)}<w:jc w:val="both"/>` },
  FirstParagraph: { paragraph: spacing(140, 70, 264) },
  Compact: { paragraph: `${spacing(0, 50, 252)}<w:jc w:val="both"/>` },
  Title: { paragraph: `<w:keepNext/>${spacing(400, 120, 240)}`, character: `${sans}<w:b/>${size(40)}` },
  Author: { paragraph: `<w:keepNext/>${spacing(0, 40)}`, character: `${serif}<w:b w:val="0"/>${size(24)}` },
  Date: { paragraph: `<w:keepNext/>${spacing(0, 40)}`, character: `${serif}<w:b w:val="0"/>${size(22)}` },
  AbstractTitle: { paragraph: `<w:keepNext/>${spacing(240, 40)}`, character: `<w:b/>${size(20)}` },
  Abstract: {
    paragraph: `${spacing(0, 120)}<w:ind w:left="340" w:right="340"/><w:jc w:val="both"/>`,
    character: size(20),
  },
  ...headings([30, 25, 22, 22]),
  Bibliography: { paragraph: `${spacing(0, 100)}<w:ind w:left="400" w:hanging="400"/>` },
  Caption: { paragraph: spacing(60, 120), character: `${sans}${size(17)}` },
  TableCaption: { paragraph: `<w:keepNext/><w:keepLines/>${spacing(200, 80)}` },
  ImageCaption: { paragraph: `<w:keepLines/>${spacing(60, 240)}` },
  CaptionedFigure: { paragraph: `<w:keepNext/>${spacing(200, 0)}<w:jc w:val="center"/>` },
  TOCHeading: { paragraph: `<w:keepNext/>${spacing(280, 100)}<w:outlineLvl w:val="9"/>` },
  VerbatimChar: { character: `${mono}${size(18)}` },
  Hyperlink: { character: link },
}

/**
 * Names of the styles of paragraphs in cells; those of tables that stay on one page keep to the
 * next row.
 */
export const cellStyle = 'Table Text'
export const keptCellStyle = 'Table Text Kept'

const added = `
<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableText"><w:name w:val="${cellStyle}"/><w:basedOn w:val="Normal"/><w:pPr>${spacing(24, 24)}</w:pPr><w:rPr>${size(17)}</w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableTextKept"><w:name w:val="${keptCellStyle}"/><w:basedOn w:val="TableText"/><w:pPr><w:keepNext/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="SourceCode"><w:name w:val="Source Code"/><w:basedOn w:val="Normal"/><w:link w:val="VerbatimChar"/><w:pPr><w:shd w:val="clear" w:color="auto" w:fill="F5F5F3"/>${spacing(120, 120)}</w:pPr><w:rPr>${mono}${size(16)}</w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/><w:basedOn w:val="Normal"/><w:uiPriority w:val="39"/><w:pPr>${spacing(60, 0)}</w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC2"><w:name w:val="toc 2"/><w:basedOn w:val="Normal"/><w:uiPriority w:val="39"/><w:pPr>${spacing(0, 0)}<w:ind w:left="340"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/><w:basedOn w:val="Normal"/><w:pPr>${spacing(0, 0)}<w:jc w:val="center"/></w:pPr><w:rPr>${size(18)}</w:rPr></w:style>
`

/** Rules above, below and under the header; no row is broken. */
const table = `<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="auto"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="auto"/></w:tblBorders><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr><w:trPr><w:cantSplit/></w:trPr><w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>`

const defaults = `<w:docDefaults><w:rPrDefault><w:rPr>${serif}${size(22)}<w:lang w:val="en-GB" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`

const twipsPerCm = 1440 / 2.54
const marginTwips = Math.round(((21 - printWidthCm) / 2) * twipsPerCm)
const footerId = 'pageNumber'
const section = `<w:sectPr><w:footerReference w:type="default" r:id="${footerId}"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1474" w:right="${marginTwips}" w:bottom="1588" w:left="${marginTwips}" w:header="709" w:footer="794" w:gutter="0"/></w:sectPr>`
const footer = `<?xml version="1.0" encoding="UTF-8"?><w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`

/**
 * A document for pandoc's `reference-doc`: pandoc's own with the page, the fonts, the tables and
 * the captions of the other formats. The fonts are Times New Roman, Arial and Courier New, which
 * Word has and for which other programs have fonts of the same widths.
 */
export async function wordReference(): Promise<Uint8Array> {
  const empty = await pandoc({ from: 'markdown', to: 'docx', 'output-file': 'empty.docx' }, '')
  const files = unzipSync(empty)
  const change = (path: string, changed: (text: string) => string): void => {
    files[path] = strToU8(changed(strFromU8(files[path]!)))
  }
  change('word/styles.xml', restyled)
  change('word/document.xml', (text) => replaced(text, /<w:sectPr(?: [^>]*)?(?:\/>|>.*?<\/w:sectPr>)/s, section))
  change('word/_rels/document.xml.rels', (text) =>
    replaced(
      text,
      '</Relationships>',
      `<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Id="${footerId}" Target="footer1.xml"/></Relationships>`,
    ),
  )
  change('[Content_Types].xml', (text) =>
    replaced(
      text,
      '</Types>',
      '<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>',
    ),
  )
  files['word/footer1.xml'] = strToU8(footer)
  return zipped(files)
}

function restyled(text: string): string {
  let changed = replaced(text, /<w:docDefaults>.*?<\/w:docDefaults>/s, defaults)
  changed = replaced(changed, styleOf('Table'), table)
  changed = replaced(changed, styleOf('SourceCode'), '')
  for (const [id, { paragraph, character }] of Object.entries(styles)) {
    changed = replaced(changed, styleOf(id), (style) =>
      style
        .replace(/<w:pPr>.*?<\/w:pPr>|<w:pPr\s*\/>|<w:rPr>.*?<\/w:rPr>|<w:rPr\s*\/>/gs, '')
        .replace(
          '</w:style>',
          `${paragraph ? `<w:pPr>${paragraph}</w:pPr>` : ''}${character ? `<w:rPr>${character}</w:rPr>` : ''}</w:style>`,
        ),
    )
  }
  return replaced(changed, '</w:styles>', `${added}</w:styles>`)
}

function styleOf(id: string): RegExp {
  return new RegExp(`<w:style (?=[^>]*w:styleId="${id}")[^>]*>.*?</w:style>`, 's')
}

function replaced(text: string, what: string | RegExp, by: string | ((found: string) => string)): string {
  const changed = text.replace(what, (found) => (typeof by === 'string' ? by : by(found)))
  if (changed === text) throw new Error(`pandoc's reference document has no ${what}`)
  return changed
}

function headings(sizes: readonly number[]): Record<string, Style> {
  const entries = sizes.flatMap((halfPoints, k): [string, Style][] => {
    const character = `${sans}<w:b/>${size(halfPoints)}`
    const paragraph = `<w:keepNext/><w:keepLines/>${spacing(k === 0 ? 400 : 280, 20)}<w:jc w:val="left"/><w:outlineLvl w:val="${k}"/>`
    return [
      [`Heading${k + 1}`, { paragraph, character }],
      [`Heading${k + 1}Char`, { character }],
    ]
  })
  return Object.fromEntries(entries)
}

function fonts(name: string): string {
  return `<w:rFonts w:ascii="${name}" w:hAnsi="${name}" w:cs="${name}" w:eastAsia="${name}"/>`
}

function size(halfPoints: number): string {
  return `<w:sz w:val="${halfPoints}"/><w:szCs w:val="${halfPoints}"/>`
}

/**
 * Space before and after a paragraph, in twentieths of a point; `line` is a multiple of 240ths of a
 * line.
 */
function spacing(before: number, after: number, line = 240): string {
  return `<w:spacing w:before="${before}" w:after="${after}" w:line="${line}" w:lineRule="auto"/>`
}
