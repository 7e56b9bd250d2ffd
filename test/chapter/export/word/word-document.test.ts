import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { elementsOf, textOf } from '../../../../src/chapter/export/ast.js'
import { pandoc, readMarkdown } from '../../../../src/chapter/export/pandoc.js'
import { withTables } from '../../../../src/chapter/export/tables.js'
import { finishedWordDocument } from '../../../../src/chapter/export/word/word-document.js'
import { wordReference } from '../../../../src/chapter/export/word/word-reference.js'
import { asWordText } from '../../../../src/chapter/export/word/word-text.js'

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const png = new Uint8Array(Buffer.from(dot, 'base64'))
const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
const partOf = (docx: Uint8Array, path: string): string => strFromU8(unzipSync(docx)[path]!)
const styleOf = (styles: string, id: string): string =>
  new RegExp(`<w:style (?=[^>]*w:styleId="${id}").*?</w:style>`, 's').exec(styles)?.[0] ?? ''

describe('wordReference', () => {
  it('is A4 with the margins of the PDF, page numbers, fonts that machines have and rules in tables; the same bytes each time', async () => {
    const docx = await wordReference()
    const body = partOf(docx, 'word/document.xml')
    expect(body).toMatch(/<w:pgSz w:w="11906" w:h="16838"\/>/)
    expect(body).toMatch(/w:right="1417"[^>]*w:left="1417"/)
    expect(partOf(docx, 'word/footer1.xml')).toContain(' PAGE ')
    const styles = partOf(docx, 'word/styles.xml')
    expect(/<w:docDefaults>.*?<\/w:docDefaults>/s.exec(styles)![0]).toContain('w:ascii="Times New Roman"')
    expect(styleOf(styles, 'Heading1')).toContain('w:ascii="Arial"')
    expect(styleOf(styles, 'Caption')).toMatch(/Arial.*<w:sz w:val="17"\/>/)
    expect(styleOf(styles, 'Table')).toMatch(/<w:tblBorders><w:top .*<w:bottom .*firstRow.*<w:bottom /s)
    expect(styles).not.toMatch(/Consolas/)
    expect(Buffer.compare(docx, await wordReference())).toBe(0)
  })
})

describe('asWordText', () => {
  it('begins with contents that link to the headings, numbered as they are', async () => {
    const document = asWordText(
      await readMarkdown('## One\n\n### Part *of* it\n\n#### Too deep\n\n## Two\n\n## Last {.unnumbered}'),
    )
    const [heading, ...entries] = document.blocks.slice(0, 5)
    expect(textOf(heading)).toContain('Contents')
    const links = elementsOf(entries, 'Link').map(({ c }) => c as [unknown, unknown, [string, string]])
    expect(links.map(([, text, [target]]) => `${textOf(text)} ${target}`)).toEqual([
      '1 One #one',
      '1.1 Part of it #part-of-it',
      '2 Two #two',
      'Last #last',
    ])
    expect(asWordText(await readMarkdown('Text.')).blocks).toHaveLength(1)
  })

  it('keeps the rows of a table together unless it is long', async () => {
    const table = (rows: number): string => `::: {.table}\n| a |\n|---|\n${'| 1 |\n'.repeat(rows)}:::`
    const styles = async (rows: number): Promise<string[]> => {
      const { blocks } = asWordText(withTables(await readMarkdown(table(rows))))
      return [...JSON.stringify(blocks).matchAll(/"custom-style","([^"]+)"/g)].map(([, name]) => name!)
    }
    expect(await styles(2)).toEqual(['Table Text Kept', 'Table Text Kept', 'Table Text'])
    expect(new Set(await styles(40))).toEqual(new Set(['Table Text']))
  })
})

describe('finishedWordDocument', () => {
  const made = (): Promise<Uint8Array> =>
    pandoc({ from: 'markdown', to: 'docx', 'output-file': 'a.docx' }, '![A](a.png)', { 'a.png': png })

  it('adds the drawing next to its picture and leaves out when it was made', async () => {
    const docx = finishedWordDocument(await made(), new Map([['a.png', png]]), new Map([['a.png', svg]]))
    const id = /<asvg:svgBlip [^>]*r:embed="([^"]+)"/.exec(partOf(docx, 'word/document.xml'))![1]
    const target = new RegExp(`Id="${id}" Target="([^"]+)"`).exec(partOf(docx, 'word/_rels/document.xml.rels'))![1]
    expect(partOf(docx, `word/${target}`)).toBe(svg)
    expect(partOf(docx, '[Content_Types].xml')).toContain('Extension="svg"')
    expect(partOf(docx, 'docProps/core.xml')).not.toContain('dcterms:created')
    const again = finishedWordDocument(await made(), new Map([['a.png', png]]), new Map([['a.png', svg]]))
    expect(Buffer.compare(docx, again)).toBe(0)
  })

  it('refuses a document that lacks a picture', async () => {
    const other = new Map([['b.png', png.slice(1)]])
    const docx = await made()
    expect(() => finishedWordDocument(docx, other, new Map([['b.png', svg]]))).toThrow('has no picture b.png')
  })
})
