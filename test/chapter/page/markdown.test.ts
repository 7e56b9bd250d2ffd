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
  expect(html).toContain('<p>With <math><mrow><msub><mi>a</mi><mn>1</mn></msub>')
  expect(html).toContain('for $5 or $6:')
  expect(html).toMatch(/<math display="block"[^>]*><mfrac><mn>1<\/mn><mi>N<\/mi><\/mfrac><\/math>/)
  expect(html).not.toContain('<em>')
})

test('mathMl keeps the words of \\text and the order of sub- and superscript', () => {
  expect(mathMl('x^2_i \\text{if a < b}', 'inline')).toBe(
    '<math><mrow><msubsup><mi>x</mi><mi>i</mi><mn class="tml-sml-pad">2</mn></msubsup><mtext>if\u00a0a\u00a0&lt;\u00a0b</mtext></mrow></math>',
  )
})

test('mathMl reads the formulas of the chapter, sets them without style sheet or font, and the same way each time', () => {
  const law = 'X(N) = \\frac{\\gamma N}{1 + \\alpha (N - 1) + \\beta N (N - 1)}'
  const peak = 'N^{*} = \\sqrt{(1 - \\alpha) / \\beta}'
  for (const tex of [law, peak]) {
    const drawn = mathMl(tex, 'block')
    expect(drawn).toMatch(/^<math display="block".*<\/math>$/s)
    expect(drawn).not.toContain('merror')
    expect(mathMl(tex, 'block')).toBe(drawn)
  }
})

test.each(['\\begin{array}', '{a', '\\frac{a}', 'a^', '\\href{https://example.org}{x}'])(
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
