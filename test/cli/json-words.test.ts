import { expect, test } from 'vitest'
import { reasonWords } from '../../src/analysis/explain/explain-words.js'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { withWords } from '../../src/cli/json-words.js'
import {
  bestWorkers,
  checkStudy,
  compare,
  deviations,
  diffStudies,
  explain,
  recommend,
  sentencesOf,
} from '../../src/entries/analysis.js'

const study = simulateStudy({
  blocks: 8,
  noise: 0.02,
  drift: 0.5,
  truth: ({ workers }) => ({ totalMs: 4000 / workers }),
})
const twoVsFour = { a: { workers: 2 }, b: { workers: 4 } }

test('withWords puts the sentences of results next to their numbers, in lists and inside results too', () => {
  const answer = compare(study, twoVsFour)
  const [set] = bestWorkers(study)
  expect(withWords({ answer, sets: [set], level: 0.95 })).toMatchObject({
    answer: {
      blocks: 8,
      sentence: sentencesOf(answer)[0],
      numbers: expect.arrayContaining([expect.objectContaining({ name: 'estimate' })]),
      claim: { lower: 0, upper: 1, text: 'less time' },
      controls: { sentence: null, numbers: [] },
    },
    sets: [{ sentence: sentencesOf(set!)[0], reason: null }],
    level: 0.95,
  })
})

test('withWords gives explanations their reason, findings their message, plans and differences their sentences', () => {
  const explanation = explain(study, { from: twoVsFour.a, to: twoVsFour.b })
  const sentences = sentencesOf(explanation)
  expect(withWords(explanation)).toMatchObject({
    sentence: sentences[0],
    sentences,
    reason: reasonWords(explanation.reason).text,
    lockShare: { sentence: sentencesOf(explanation.lockShare!)[0] },
  })
  const finding = checkStudy(study).find(({ code }) => code === 'drift')!
  expect(withWords(finding)).toMatchObject({ code: 'drift', message: sentencesOf(finding)[0], trials: [] })
  expect(withWords(deviations(study))).toMatchObject({ preregistered: null, deviations: [] })
  const differences = diffStudies(study, { ...study, journal: 'other.jsonl' })
  expect(withWords(differences)).toMatchObject({
    sentences: sentencesOf(differences),
    caveat: expect.stringContaining('so no verdict is given'),
    results: [{ sentence: sentencesOf(differences)[3] }, { sentence: sentencesOf(differences)[4] }],
  })
})

test('withWords gives a recommendation its first sentence, all of them, and how its bound is made', () => {
  const recommendation = recommend(study)
  const sentences = sentencesOf(recommendation)
  expect(sentences.length).toBeGreaterThan(2)
  expect(withWords({ recommendation })).toMatchObject({
    recommendation: {
      treatment: { workers: 4 },
      regret: { upper: 0, level: 0.95 },
      sentence: sentences[0],
      sentences,
      method: expect.stringContaining('Edwards & Hsu'),
      numbers: expect.arrayContaining([expect.objectContaining({ name: 'use.workers', value: 4 })]),
    },
  })
})
