import { join } from 'node:path'
import { writeWhole } from '../../../writable.js'
import { type Attributes, type Element, mapElements, raw } from '../ast.js'
import {
  bibliographyFile,
  type ChapterParts,
  citationOptions,
  elsewhere,
  headingOptions,
  withImages,
  withReferences,
  withTitle,
} from '../chapter-parts.js'
import { pandoc } from '../pandoc.js'
import type { Picture } from '../source/pictures.js'
import { htmlDocument } from './html-document.js'

/** Writes `chapter.html`, which holds its figures. Returns its path. */
export async function writeHtml(parts: ChapterParts): Promise<string> {
  const { manuscript, bibtex, drawings, pictures, out, documentFor } = parts
  const images = new Map(pictures.map((picture) => [picture.name, dataUrl(picture)]))
  const svgs = new Map(drawings.map(({ id, svg }) => [id, svg]))
  const document = withImages(withReferences(documentFor('text'), bibtex), (name) => images.get(name) ?? name)
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t === 'Table') return [{ t: 'Div', c: [['', ['table'], []], [element]] }]
    if (element.t !== 'Figure') return undefined
    const [attributes, caption] = element.c as [Attributes, [unknown, Element[]], Element[]]
    const svg = svgs.get(attributes[0])
    return svg === undefined ? undefined : [{ t: 'Figure', c: [attributes, caption, [raw('Block', 'html', svg)]] }]
  })
  const options = {
    from: 'json',
    to: 'html5',
    standalone: true,
    template: 'page.html',
    'table-of-contents': true,
    'number-sections': true,
    'html-math-method': { method: 'mathml' },
    wrap: 'none',
    ...headingOptions,
    ...citationOptions(bibtex),
  }
  const body = await pandoc(options, JSON.stringify(withTitle({ ...document, blocks }, parts)), {
    ...bibliographyFile(bibtex),
    'page.html': bodyTemplate,
  })
  const path = join(out, 'chapter.html')
  writeWhole(path, htmlDocument(manuscript.title, body), elsewhere)
  return path
}

function dataUrl({ name, bytes }: Picture): string {
  return `data:image/${name.endsWith('.png') ? 'png' : 'jpeg'};base64,${Buffer.from(bytes).toString('base64')}`
}

const bodyTemplate = `<h1 class="title">$title$</h1>
$for(author)$<p class="author">$author$</p>
$endfor$$if(date)$<p class="date">$date$</p>
$endif$$if(abstract)$<div class="abstract"><p><strong>Abstract.</strong></p>
$abstract$</div>
$endif$<nav aria-label="Contents">
$table-of-contents$
</nav>
$body$
`
