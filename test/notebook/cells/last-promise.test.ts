import { expect, test } from 'vitest'
import { withKernel } from '../../../src/entries/chapter.js'
import { projectRoot } from '../../../src/project.js'
import { shownText } from './shown-text.js'

test('a promise as the last value that never settles is waited for until the cell is stopped', async () => {
  await withKernel({ cwd: projectRoot }, async (kernel) => {
    const endless = await kernel.execute('const kept = 1\nnew Promise(() => {})', { timeoutMs: 700 })
    expect(endless.error()).toMatchObject({ ename: 'CellTimeout' })
    const next = await kernel.execute('Promise.resolve(kept + 1)')
    expect(shownText(next.outputs())).toBe('2')
  })
})
