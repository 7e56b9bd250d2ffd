import { expect, test } from 'vitest'
import { textOf } from '../../../src/chapter/export/ast.js'
import { pandoc, readMarkdown } from '../../../src/chapter/export/pandoc.js'
import { typstPdf } from '../../../src/chapter/export/typst/typst.js'

test('readMarkdown takes marks as Jupyter shows them, and sets curly quotes', async () => {
  const { blocks } = await readMarkdown('A "b" isn\'t @c, H~2~O, x^2^.\n- one')
  expect(blocks.map(({ t }) => t)).toEqual(['Para', 'BulletList'])
  expect(textOf(blocks[0])).toBe('A b isn’t @c, H~2~O, x^2^.')
})

test('pandoc throws for what it only warns of', async () => {
  await expect(pandoc({ from: 'markdown', to: 'docx', 'output-file': 'a.docx' }, '![a](absent.png)')).rejects.toThrow(
    /pandoc could not write docx: .*absent\.png/s,
  )
})

test('pandoc converts several texts at once', async () => {
  const texts = await Promise.all(['*a*', '*b*'].map((text) => pandoc({ from: 'markdown', to: 'html' }, text)))
  expect(texts.map((text) => text.trim())).toEqual(['<p><em>a</em></p>', '<p><em>b</em></p>'])
})

test('typstPdf gives the same bytes for the same text, and the compiler’s words for a wrong one', () => {
  expect(Buffer.compare(typstPdf('One'), typstPdf('One'))).toBe(0)
  expect(() => typstPdf('#nothing()')).toThrow(/Typst could not write the PDF: .*nothing/)
})
