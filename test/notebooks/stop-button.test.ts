import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { withKernel } from '../../src/entries/chapter.js'
import { readStudy } from '../../src/entries/executor.js'
import { projectRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'

const name = `stopped-${process.pid}`
const code = `
import { runStudy, synthetic } from 'copylab'
const study = await runStudy({
  name: '${name}',
  input: synthetic({ records: 100_000 }),
  factors: { workers: [1, 2], batchSize: 1_000 },
  blocks: 12,
})
console.log(study.origin, study.trials.filter((trial) => trial.phase === 'measured' && trial.state === 'completed').length)
`

afterAll(() => rmSync(join(studiesFolder, name), { recursive: true, force: true }))

const measured = (): number => readStudy(name).trials.filter((trial) => trial.phase === 'measured').length

describe('the stop button', () => {
  it('ends a study that runs, keeps its finished trials, and the same cell continues', async () => {
    await withKernel({ cwd: join(projectRoot, 'notebooks') }, async (kernel) => {
      let pressed = false
      const stopped = await kernel.execute(code, {
        onOutput: (output) => {
          const shown = 'data' in output ? [output.data['text/plain']].flat().join('') : ''
          if (!pressed && /block [2-9]\/12/.test(shown)) {
            pressed = true
            kernel.interrupt()
          }
        },
      })
      expect(pressed).toBe(true)
      expect(stopped.error()).not.toBeNull()
      const kept = measured()
      expect(kept).toBeGreaterThanOrEqual(2)
      expect(kept).toBeLessThan(24)
      const continued = await kernel.execute(code)
      expect(continued.error()).toBeNull()
      const printed = continued.outputs().map((output) => ('text' in output ? [output.text].flat().join('') : ''))
      expect(printed.join('')).toContain('measured 24')
      expect(readStudy(name).contexts).toHaveLength(2)
    })
  })
})
