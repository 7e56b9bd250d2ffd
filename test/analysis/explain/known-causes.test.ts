import { describe, expect, it } from 'vitest'
import { foundCause, knownCauseStudy, knownCauses } from '../../../bench/parts/known-causes.js'
import { explain } from '../../../src/entries/analysis.js'
import { readStudy } from '../../../src/entries/executor.js'

describe('the committed losses whose cause is known', () => {
  it.each(knownCauses)(
    '$cause is the largest cause, twice any other, and taking it away takes the loss away',
    (known) => {
      const study = readStudy(knownCauseStudy(known.cause))
      const found = foundCause(known, explain(study, { from: known.from, to: known.to }))
      expect(found.changeMs!.interval!.lower).toBeGreaterThan(0)
      expect(found.measures[0]!.name).toBe(known.cause)
      expect(found.measures[1]!.perWorkerMs).toBeLessThanOrEqual(found.measures[0]!.perWorkerMs! / 2)
      expect(found).toMatchObject({ state: 'confirmed', isFound: true })
      expect(found.afterMs!.value).toBeLessThan(found.changeMs!.value / 4)
    },
  )

  it('no other cause is called the reason', () => {
    for (const known of knownCauses) {
      const { causes } = explain(readStudy(knownCauseStudy(known.cause)), { from: known.from, to: known.to })
      const confirmed = causes.filter(({ state }) => state === 'confirmed').map(({ name }) => name)
      expect(confirmed).toEqual([known.cause])
    }
  })
})
