import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Output, withKernel } from '../../src/entries/chapter.js'
import { readStudy } from '../../src/entries/executor.js'
import { projectRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { documentedFunctions } from './documented.js'

const own = `examples-${process.pid}`
const functions = documentedFunctions('copylab')
const exampleOf = (name: string): string => functions.find((one) => one.name === name)!.examples[0]!

/** Those whose examples run trials; they come last, in this order. */
const measuring = ['runStudy', 'confirm']

/** An example as it stands, but in studies of its own that are small. */
const smaller = (example: string): string =>
  example
    .replaceAll("name: 'mine", `name: '${own}`)
    .replaceAll('200_000', '2_000')
    .replaceAll('blocks: 12', 'blocks: 2')

const shown = (outputs: readonly Output[]): string =>
  outputs
    .flatMap((output) =>
      'text' in output ? output.text : 'data' in output ? (output.data['text/plain'] as string) : '',
    )
    .join('\n')

let folder: string
beforeAll(() => {
  const out = join(projectRoot, 'data', 'out')
  mkdirSync(out, { recursive: true })
  folder = mkdtempSync(join(out, 'examples-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  for (const name of [own, `${own}-confirmed`]) rmSync(join(studiesFolder, name), { recursive: true, force: true })
})

it('each name of copylab has an example, which runs in a cell as it stands', async () => {
  const names = functions.map(({ name }) => name)
  expect(names).toHaveLength(40)
  await withKernel({ cwd: folder }, async (kernel) => {
    const imports = `import { ${names.join(', ')} } from 'copylab'`
    const ready = await kernel.execute(`${imports}\nconst study = readStudy('reference-workers')`)
    expect(ready.error()).toBeNull()
    for (const name of names.filter((one) => !measuring.includes(one))) {
      const example = exampleOf(name)
      expect(example, name).toContain(`${name}(`)
      const cell = await kernel.execute(example)
      expect([name, cell.error()]).toEqual([name, null])
      const shows = /\b(show|say|showTable|showMarkdown|showTitlePage)\(/.test(example)
      expect([name, shown(cell.outputs()) !== '']).toEqual([name, shows])
    }
    expect(readFileSync(join(folder, 'trials.csv'), 'utf8').split('\n').length).toBeGreaterThan(500)
    for (const name of measuring) {
      const cell = await kernel.execute(smaller(exampleOf(name)))
      expect([name, cell.error()]).toEqual([name, null])
      // Progress without `onProgress`.
      expect(shown(cell.outputs())).toMatch(/trials measured now in /)
    }
  })
  expect(readStudy(own).trials.filter(({ phase }) => phase === 'measured')).toHaveLength(6)
  expect(readStudy(`${own}-confirmed`).plan.treatments).toHaveLength(2)
})
