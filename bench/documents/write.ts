/**
 * `npm run readme`: writes the computed parts of README.md and of the pages in docs/, and draws
 * their figures.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#copylab/project.js'
import { blocks, blockText } from './blocks.js'
import { documentFigures, drawSvg, stampOf } from './figures.js'
import { withBlock } from './marks.js'
import { readReference } from './reference.js'

const reference = readReference()

for (const block of blocks) {
  const path = join(projectRoot, block.page)
  const page = readFileSync(path, 'utf8')
  const written = withBlock(page, block.name, blockText(block, reference))
  if (written === page) continue
  writeFileSync(path, written)
  console.log(`${block.page}: ${block.name}`)
}

for (const { path, figure } of documentFigures(reference)) {
  const file = join(projectRoot, path)
  if (readFileSync(file, 'utf8').trimEnd().endsWith(stampOf(figure))) continue
  writeFileSync(file, await drawSvg(figure))
  console.log(path)
}
