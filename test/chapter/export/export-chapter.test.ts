import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { withBrowser } from '../../../src/chapter/browser.js'
import { type ExportedChapter, exportChapter } from '../../../src/entries/chapter.js'
import { pdfObjects } from './pdf-parts.js'
import { sampleNotebook, text, writeSample } from './sample-chapter.js'
import { compiledTex, complaints, isInstalled, isTexInstalled } from './tools.js'

let folder: string
let out: string
let exported: ExportedChapter
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copylab export '))
  out = join(folder, 'out')
  exported = await exportChapter(await writeSample(folder), { out, code: 'appendix' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = (...path: string[]): Promise<string> => readFile(join(out, ...path), 'utf8')

describe('exportChapter', () => {
  it('writes every format and part, and the same bytes when it writes them again', async () => {
    expect(exported).toMatchObject({ figures: 3, tables: 2, numbers: 1 })
    const files = (await readdir(out, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .sort()
    expect(files).toEqual(
      [
        ...['body.tex', 'chapter.docx', 'chapter.html', 'chapter.pdf', 'chapter.tex'],
        ...['figures/contrast.pdf', 'figures/contrast.svg', 'figures/seconds.pdf', 'figures/seconds.svg'],
        ...['figures/total.pdf', 'figures/total.svg', 'numbers.tex', 'preamble.tex', 'references.bib'],
        ...['tables/claims-table.tex', 'tables/summary-table.tex'],
      ].map((path) => join(...path.split('/'))),
    )
    const again = join(folder, 'again')
    await exportChapter(join(folder, 'sample.ipynb'), { out: again, code: 'appendix' })
    const differing: string[] = []
    for (const file of files) {
      const [first, second] = await Promise.all([readFile(join(out, file)), readFile(join(again, file))])
      if (!first.equals(second)) differing.push(file)
    }
    expect(differing).toEqual([])
  })

  it('writes PDFs without pixels, their fonts embedded, that say nothing of when or where they were made', async () => {
    for (const file of ['chapter.pdf', join('figures', 'total.pdf'), join('figures', 'seconds.pdf')]) {
      const objects = pdfObjects(await readFile(join(out, file)))
      expect(objects, file).not.toMatch(/\/Subtype\s*\/Image/)
      const descriptors = objects.match(/\/Type\s*\/FontDescriptor/g) ?? []
      expect(descriptors.length, file).toBeGreaterThan(0)
      expect(objects.match(/\/FontFile[23]?\b/g), file).toHaveLength(descriptors.length)
      expect(objects, file).not.toContain(folder)
    }
  })

  it.skipIf(!isInstalled('pdffonts'))('pdffonts and pdfimages, where they are installed, agree', () => {
    const lines = (command: string): string[] =>
      spawnSync(command, [join(out, 'chapter.pdf')], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n')
        .slice(2)
    expect(lines('pdfimages').length).toBe(0)
    const embedded = lines('pdffonts').map((line) => line.trim().split(/\s+/).at(-5))
    expect(embedded.length).toBeGreaterThan(3)
    expect(new Set(embedded)).toEqual(new Set(['yes']))
  })

  it('prints a simple figure as large as it is in the text', async () => {
    const [, width] = /\/MediaBox \[0 0 ([\d.]+) /.exec(pdfObjects(await readFile(join(out, 'figures', 'total.pdf'))))!
    expect((Number(width) / 72) * 2.54).toBeCloseTo(13, 1)
    expect(await read('body.tex')).toMatch(/width=0\.81\\linewidth[^[]*\]\{figures\/total\.pdf\}/)
  })

  it('refuses a link to nothing before it draws, and a bibliography that is not there', async () => {
    const notebook = { ...sampleNotebook, cells: [text('a', 'See [x](#nowhere).')] }
    const path = await writeSample(await mkdtemp(join(folder, 'link-')), notebook)
    const steps: string[] = []
    await expect(exportChapter(path, { out: join(folder, 'no'), onStep: (step) => steps.push(step) })).rejects.toThrow(
      'The text links to #nowhere',
    )
    expect(steps).toEqual([])
    await expect(exportChapter(path, { out: join(folder, 'no'), bibliography: 'absent.bib' })).rejects.toThrow(
      'Expected a BibTeX file at absent.bib',
    )
  })
})

describe('chapter.docx', () => {
  it('is well-formed, has the drawing of every figure, and contents that lead to headings', async () => {
    const files = unzipSync(await readFile(join(out, 'chapter.docx')))
    const body = strFromU8(files['word/document.xml']!)
    expect(body.match(/<asvg:svgBlip /g)).toHaveLength(3)
    expect(Object.keys(files).filter((path) => path.endsWith('.svg'))).toHaveLength(3)
    expect(body.match(/SEQ Figure/g)).toHaveLength(3)
    expect(body.match(/SEQ Table/g)).toHaveLength(2)
    expect(body.match(/<w:tblHeader/g)).toHaveLength(2)
    expect(body).toMatch(/<w:pgSz [^>]*w:w="11906"/)
    const names = [...body.matchAll(/<w:bookmarkStart [^>]*w:name="([^"]+)"/g)].map(([, name]) => name!)
    expect(new Set(names).size).toBe(names.length)
    const anchors = [...body.matchAll(/<w:hyperlink w:anchor="([^"]+)"/g)].map(([, name]) => name!)
    expect(anchors.length).toBeGreaterThan(8)
    expect(anchors.filter((name) => !names.includes(name))).toEqual([])
    const contents = [...body.matchAll(/<w:pStyle w:val="TOC(\d)".*?<\/w:p>/gs)]
    expect(contents.map(([, depth]) => depth)).toEqual(['1', '2', '1', '1', '1'])
    const parts = Object.entries(files).filter(([path]) => /\.(?:xml|rels|svg)$/.test(path))
    const errors = await withBrowser(async (browser) => {
      const page = await browser.newPage()
      const xml = JSON.stringify(parts.map(([path, bytes]) => [path, strFromU8(bytes)]))
      return page.evaluate(
        `${xml}.filter(([, xml]) => new DOMParser().parseFromString(xml, 'application/xml').querySelector('parsererror')).map(([path]) => path)`,
      )
    })
    expect(errors).toEqual([])
  })

  const hasOffice = isInstalled('soffice')
  it.skipIf(!hasOffice)(`opens in LibreOffice${hasOffice ? '' : ', which is not installed here'}`, async () => {
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'office')).href}`
    const args = [profile, '--headless', '--convert-to', 'txt:Text', '--outdir', folder, join(out, 'chapter.docx')]
    expect(spawnSync('soffice', args).status).toBe(0)
    const seen = await readFile(join(folder, 'chapter.txt'), 'utf8')
    expect(seen).toMatch(/Contents\s+1 What was “measured”\s+1\.1 More\s+2 Last\s+3 The code\s+References/)
    expect(seen).toMatch(/Figure\s1\. Does the load get faster/)
    expect(seen).toMatch(/See Figure\s1, Table\s1 and the other section/)
    expect(seen).toContain('Hsu, Jason C. 1996.')
  })
})

describe('chapter.tex', () => {
  for (const engine of ['pdflatex', 'xelatex', 'lualatex']) {
    const isThere = isTexInstalled(engine)
    it.skipIf(!isThere)(
      `compiles without a complaint with ${engine}${isThere ? '' : ', which is not installed here'}`,
      async () => {
        const copy = join(folder, engine)
        await cp(out, copy, { recursive: true })
        expect(complaints(await compiledTex(engine, copy, 'chapter'))).toEqual([])
      },
    )
  }

  const isThere = isTexInstalled('pdflatex')
  it.skipIf(!isThere)(`gives its parts to a thesis${isThere ? '' : '; pdflatex is not installed here'}`, async () => {
    const copy = join(folder, 'thesis')
    await cp(out, copy, { recursive: true })
    const start =
      '\\documentclass{report}\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\usepackage[margin=2.5cm]{geometry}'
    await writeFile(
      join(copy, 'parts.tex'),
      `${start}\\usepackage{longtable,booktabs,array,calc,graphicx}
\\input{numbers}
\\begin{document}
\\chapter{Mine} It is \\clCOneEstimate{} faster: tables~\\ref{summary-table} and~\\ref{claims-table}.
\\input{tables/summary-table}
\\input{tables/claims-table}
\\includegraphics{figures/seconds}
\\end{document}
`,
    )
    expect(complaints(await compiledTex('pdflatex', copy, 'parts'))).toEqual([])
    await writeFile(
      join(copy, 'whole.tex'),
      `${start}\\usepackage[round]{natbib}\\input{preamble}
\\begin{document}
\\chapter{Mine}
\\input{body}
\\bibliographystyle{plainnat}\\bibliography{references}
\\end{document}
`,
    )
    expect(complaints(await compiledTex('pdflatex', copy, 'whole'))).toEqual([])
  })

  it('defines the quoted numbers and cites by key', async () => {
    expect(await read('numbers.tex')).toContain('\\newcommand{\\clCOneEstimate}{4.4 \\%}')
    expect(await read('body.tex')).toContain('\\citep{gunther2007}, as \\citet{hsu1996} has it')
    expect(await read('chapter.tex')).toContain("\\author{Ada Byron \\and B. O'Hara}")
  })
})

test('chapter.html asks for nothing, fits a phone, and has links that lead somewhere and code that folds', async () => {
  const { documents } = await exportChapter(join(folder, 'sample.ipynb'), {
    to: ['html'],
    out: join(folder, 'folded'),
    code: 'folded',
  })
  const address = pathToFileURL(documents.html!).href
  await withBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    const seen: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) seen.push(request.url())
    })
    page.on('console', (message) => seen.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => seen.push(error.message))
    await page.goto(address)
    expect(seen).toEqual([address])
    expect(await page.title()).toBe('Workers & batches')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    expect(await page.locator('figure > svg').count()).toBe(3)
    expect(await page.locator('figcaption').first().textContent()).toMatch(/^Figure\s1\. Does the load get faster/)
    expect(await page.locator('math').count()).toBe(2)
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href')).filter((id) => !document.getElementById(id.slice(1)))`,
      ),
    ).toEqual([])
    await page.click('a[href="#contrast"]')
    expect(await page.evaluate('document.querySelector("#contrast").getBoundingClientRect().top')).toBeLessThan(800)
    expect(await page.locator('details.code').count()).toBe(5)
    expect(await page.locator('details.code pre').first().isVisible()).toBe(false)
    await page.locator('details.code summary').first().click()
    expect(await page.locator('details.code pre').first().isVisible()).toBe(true)
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('.table')].every((box) => box.clientWidth <= 390 && getComputedStyle(box).overflowX === 'auto')`,
      ),
    ).toBe(true)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('details.code').last().isVisible()).toBe(false)
  })
})
