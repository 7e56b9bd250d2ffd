import { expect, test } from 'vitest'
import { bibliographyKeys } from '../../../src/chapter/export/bibliography.js'
import { bibtex } from './sample-chapter.js'

test('bibliographyKeys are those of the works, not of comments, strings and preambles', () => {
  expect([...bibliographyKeys(bibtex)]).toEqual(['gunther2007', 'hsu1996'])
  const others = '@string{jan = "January"}\n@preamble{"x"}\n@comment{a, b}\n  @Misc { key:2-x , title = {a, @b{c, d}} }'
  expect([...bibliographyKeys(others)]).toEqual(['key:2-x'])
  expect(bibliographyKeys('').size).toBe(0)
})
