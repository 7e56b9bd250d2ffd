import { describe, expect, it } from 'vitest'
import { plotRunOrder } from '../../../src/analysis/figures/run-order.js'
import { deviations } from '../../../src/analysis/validity/deviations.js'
import { deviationWords } from '../../../src/analysis/validity/deviations-words.js'
import { checkStudy, simulateStudy, studyRows, trialRows } from '../../../src/entries/analysis.js'
import { countedTrials } from '../../../src/study/blocks/sessions.js'
import type { Study } from '../../../src/study/study.js'

const study = simulateStudy({
  workers: [1, 2, 4],
  blocks: 24,
  sessions: 6,
  warmUpBlocks: 1,
  noise: 0.02,
  sessionNoise: 0.1,
  observed: false,
  truth: () => ({ totalMs: 1000 }),
})

/** Session 3 breaks off after two trials of its third block, and another one runs the rest. */
function brokenOff(): Study {
  const [block, kept] = [11, 2]
  const at = study.trials.find((trial) => trial.block === block)!
  const began = new Date(Date.parse(at.startedAt) + 25_000).toISOString()
  const first = study.trials.filter((trial) => trial.block === block).slice(0, kept)
  const moved = study.trials.flatMap((trial) => {
    const isAgain = trial.block >= block && trial.block <= 12
    if (!isAgain) return [trial]
    const again = { ...trial, startedAt: new Date(Date.parse(trial.startedAt) + 60_000).toISOString() }
    return first.includes(trial) ? [trial, again] : [again]
  })
  const trials = moved
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .map((trial, k) => ({ ...trial, trial: k + 1 }))
  const contexts = [...study.contexts, { ...study.contexts[0]!, startedAt: began }].sort((a, b) =>
    a.startedAt < b.startedAt ? -1 : 1,
  )
  return { ...study, contexts, ...countedTrials(study.plan, { contexts, trials }) }
}

const told = (given: Study): string[] => deviations(given).deviations.map((one) => deviationWords(one).text)

describe('a study in sessions', () => {
  it('has no finding and no deviation for what is its design', () => {
    expect(checkStudy(study)).toEqual([])
    expect(told(study)).toEqual([])
  })

  it('tells the trials of a block that a session broke off in', () => {
    const broken = brokenOff()
    expect(broken.brokenOff).toHaveLength(2)
    expect(told(broken)).toEqual([
      'the study ran in 7 sessions instead of 6',
      '2 trials of block 11 were left out: session 3 broke off in it, and session 4 ran it again',
    ])
    expect(checkStudy(broken)).toEqual([])
  })

  it('reports a reload within a session, and none for the start of another', () => {
    const [, , , fourth] = study.trials
    const reloaded: Study = {
      ...study,
      trials: study.trials.map((trial) =>
        trial.state === 'completed' && trial.trial > fourth!.trial && trial.block === 1
          ? { ...trial, configurationLoadedAt: '2026-01-01T00:00:30.000Z' }
          : trial,
      ),
    }
    expect(checkStudy(reloaded).map(({ code }) => code)).toEqual(['settings-changed'])
  })

  it('reports a drift within sessions, and none for sessions that get slower one after another', () => {
    const later = (factorOf: (session: number, within: number) => number): Study => ({
      ...study,
      trials: study.trials.map((trial) => {
        if (trial.state === 'failed' || trial.block === 0) return trial
        const session = Math.floor((trial.block - 1) / 4)
        return { ...trial, totalMs: trial.totalMs * factorOf(session, (trial.block - 1) % 4) }
      }),
    })
    expect(checkStudy(later((session) => 1 + 0.1 * session))).toEqual([])
    const [found] = checkStudy(later((_, within) => 1 + 0.05 * within))
    expect(found).toMatchObject({ code: 'drift', drift: { isInSessions: true } })
    expect(found?.code === 'drift' && found.drift.spans).toHaveLength(6)
    expect(found?.code === 'drift' && found.drift.change).toBeCloseTo(0.17, 1)
  })

  it('tables and the figure of the run order tell its sessions', () => {
    expect(studyRows(study)[0]).toMatchObject({ sessions: 6, blocks: 24 })
    const sessions = trialRows(study).map(({ session, block }) => [session, Math.ceil(block / 4)])
    for (const [session, expected] of sessions) expect(session).toBe(expected)
    const { layout } = plotRunOrder(study)
    const { annotations, shapes } = layout as {
      annotations: { text?: string }[]
      shapes: { line: { width: number } }[]
    }
    expect(annotations.map(({ text }) => text)).toEqual(expect.arrayContaining(['session 1', '2', '6']))
    expect(shapes.filter(({ line }) => line.width === 2)).toHaveLength(5)
  })
})
