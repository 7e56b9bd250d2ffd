import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { blocks, blockText } from '../../bench/documents/blocks.js'
import { documentFigures, stampOf } from '../../bench/documents/figures.js'
import { blockNames, readBlock, withBlock } from '../../bench/documents/marks.js'
import { type Reference, readReference } from '../../bench/documents/reference.js'
import { projectRoot } from '../../src/project.js'
import { pageAt, pages } from './pages.js'

let reference: Reference
beforeAll(() => {
  reference = readReference()
})

describe('the computed parts of the documents (npm run readme writes them)', () => {
  it.each(blocks.map((block) => [block.page, block.name, block] as const))('%s: %s', (page, name, block) => {
    expect(readBlock(pageAt(page).text, name)).toBe(blockText(block, reference))
  })

  it('are all those that have marks', () => {
    const marked = pages.flatMap(({ path, text }) => blockNames(text).map((name) => `${path}: ${name}`))
    expect(marked.sort()).toEqual(blocks.map(({ page, name }) => `${page}: ${name}`).sort())
  })

  it('have figures that are drawn from the reference study, and shown', () => {
    const figures = documentFigures(reference)
    expect(figures.length).toBe(3)
    for (const { page, path, figure } of figures) {
      expect(readFileSync(join(projectRoot, path), 'utf8').trimEnd().endsWith(stampOf(figure)), path).toBe(true)
      expect(pageAt(page).text).toContain(`](${page.startsWith('docs/') ? '../' : ''}${path})`)
    }
  })
})

describe('withBlock', () => {
  const page = 'a\n<!-- b:begin, written -->\nold $1\n<!-- b:end -->\nc\n'

  it('puts a text between the marks of a name, whatever it holds', () => {
    expect(withBlock(page, 'b', "new $& $'\n")).toBe("a\n<!-- b:begin, written -->\nnew $& $'\n<!-- b:end -->\nc\n")
  })

  it('throws for a page without the marks', () => {
    expect(() => withBlock(page, 'd', '')).toThrow(/^Expected the marks <!-- d:begin --> and <!-- d:end -->/)
  })
})
