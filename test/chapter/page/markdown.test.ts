import { expect, test } from 'vitest'
import { highlight } from '../../../src/chapter/page/highlight.js'
import { markdownWriter } from '../../../src/chapter/page/markdown.js'
import { mathMl } from '../../../src/chapter/page/math.js'

test('markdownWriter gives headings of one page different ids', () => {
  const writer = markdownWriter()
  const html = writer.write('# A `b`\n\n## Same\n') + writer.write('## Same\n')
  expect(writer.headings.map(({ level, id }) => [level, id])).toEqual([
    [1, 'a-b'],
    [2, 'same'],
    [2, 'same--2'],
  ])
  expect(html).toContain('<h2 id="same--2">')
})

test('markdownWriter writes formulas as MathML and leaves amounts of money', () => {
  const html = markdownWriter().write('With $a_1 * b * c$ for $5 or $6:\n\n$$\\frac{1}{N}$$\n')
  expect(html).toContain('<math display="inline"><mrow><msub><mi>a</mi><mn>1</mn></msub>')
  expect(html).toContain('for $5 or $6:')
  expect(html).toContain('<math display="block"><mrow><mfrac>')
  expect(html).not.toContain('<em>')
})

test('mathMl keeps the words of \\text and the order of sub- and superscript', () => {
  expect(mathMl('x^2_i \\text{if a < b}', 'inline')).toBe(
    '<math display="inline"><mrow><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><mtext>if a &#60; b</mtext></mrow></math>',
  )
})

test.each(['\\begin{array}', '{a', '\\frac{a}', 'a^'])(
  'mathMl(%j) is null: the formula is shown as it was typed',
  (tex) => {
    expect(mathMl(tex, 'inline')).toBeNull()
    expect(markdownWriter().write(`see $${tex}$`)).toContain('<code>')
  },
)

test('highlight marks comments, strings, keywords and numbers, and escapes the rest', () => {
  expect(highlight("const a = 'x' < 1_000 // if\n")).toBe(
    '<span class="k">const</span> a = <span class="s">&#39;x&#39;</span> &#60; <span class="n">1_000</span> <span class="c">// if</span>\n',
  )
})
