import { describe, expect, it } from 'vitest'
import { primarySoFar } from '../../src/analysis/compare/interim.js'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { fittedLine } from '../../src/cli/terminal/fitted-line.js'
import { progressOn, statusLine } from '../../src/cli/terminal/progress.js'
import type { Preregistration } from '../../src/study/preregistration.js'
import type { Progress, Study } from '../../src/study/study.js'

function study(blocks: number, truth: (workers: number) => number, noise: number): Study {
  const simulated = simulateStudy({ blocks, noise, truth: ({ workers }) => ({ totalMs: truth(workers) }) })
  const [a, b] = simulated.plan.treatments
  const preregistration: Preregistration = {
    primary: { a: a!, b: b!, metric: 'totalMs', claim: { fasterBy: [0, null] } },
    level: 0.95,
    margin: 0.05,
    exclude: [],
    stop: null,
    claims: null,
  }
  return { ...simulated, plan: { ...simulated.plan, preregistration } }
}

const given: Progress = {
  study: 'reference-workers',
  stage: 'measured',
  done: 107,
  total: 420,
  etaMs: 2_460_000,
  message: 'block 12/30, 4 workers × 10,000, threads, binary, A/A',
  trial: null,
  interim: null,
  warning: null,
  stored: null,
  failed: null,
}

/** Text that a terminal of n columns shows of a study's progress; undefined is no terminal. */
function shown(columns: number | undefined, interim: string | null, warning: string | null = null): string {
  let written = ''
  const stream = {
    isTTY: columns !== undefined,
    columns,
    write: (text: string) => {
      written += text
    },
  }
  progressOn(statusLine(stream as unknown as NodeJS.WriteStream))({ ...given, interim, warning })
  return written.replace('\r\u001b[2K', '')
}

/** Words and numbers of a line, each of which must stand in the whole line as it is. */
const tokens = (line: string): string[] => line.replace(/ …$/, '').split(/[ ,;]+/)

describe('the line of progress', () => {
  const clear = primarySoFar(study(8, (workers) => 1000 * workers ** 0.1, 0.02))
  const noisy = primarySoFar(study(8, () => 1000, 0.3))

  it.each([
    [80, clear],
    [100, clear],
    [120, clear],
    [80, noisy],
    [100, noisy],
    [120, noisy],
  ])('shows the whole interval first in %i columns, and no torn number: %s', (columns, interim) => {
    const line = shown(columns, interim)
    expect(line.length).toBeLessThan(columns)
    expect(line).toMatch(/2 workers vs 4 at 10K: .* % (less|more) time \(95 % CI [^)]+\)/)
    const whole = `reference-workers: ${interim} - 41 min 0 s left - 107 of 420 trials - ${given.message}`
    for (const token of tokens(line)) expect(tokens(whole)).toContain(token)
  })

  it('shows more the wider the terminal is, the time left before the trials and the trial that runs', () => {
    expect(shown(64, clear)).toMatch(/^2 workers vs 4 at 10K: .*\)( …|, \w+)$/)
    expect(shown(90, clear)).toMatch(/ left$/)
    expect(shown(120, clear)).toMatch(/ left - 107 of 420 trials$/)
    expect(shown(200, clear)).toMatch(/^reference-workers: 2 workers .* - 107 of 420 trials - block 12\/30, .* A\/A$/)
    expect(shown(80, null)).toMatch(/^block 12\/30, 4 workers × 10,000, threads, binary, A\/A - .* left$/)
  })

  it('shows all of it on a line of its own where there is no terminal', () => {
    expect(shown(undefined, clear)).toMatch(/^reference-workers: 2 workers vs 4 .* A\/A\n$/)
  })

  it('gives the value of a single block with the word that it tells nothing yet', () => {
    expect(primarySoFar(study(1, (workers) => 1000 * workers, 0.02))).toMatch(
      /^2 workers vs 4 at 10K: \d+ % less time in 1 block, which tells nothing yet$/,
    )
  })

  it('begins with what disturbs the study, and passes over what does not fit after it', () => {
    const warning = 'others use 1.1 of 2 cores'
    expect(shown(80, noisy, warning)).toBe(`${warning} - 41 min 0 s left - 107 of 420 trials`)
    expect(shown(100, noisy, warning)).toBe(`${warning} - ${noisy}`)
  })
})

describe('fittedLine', () => {
  it('cuts a segment that is too wide after a clause or a word, never within a number, a unit or brackets', () => {
    const text = '2 workers vs 4 at 10K: 22 % less time (95 % CI −1.7 to 35.2), undecided'
    for (let columns = 24; columns < 100; columns++) {
      const line = fittedLine(text, columns)
      expect(line.length).toBeLessThanOrEqual(columns)
      expect([text, `${text.split(', ')[0]} …`, '2 workers vs 4 at 10K …']).toContain(line)
    }
    expect(fittedLine('/a/path/without/any/space/that/is/long', 20)).toBe('/a/path/without/any…')
  })
})
