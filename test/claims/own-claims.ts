import type { ClaimsFile } from '../../src/entries/analysis.js'

const at = { batchSize: 1000 } as const

/** Claims that the project did not start from: all seven kinds, about other factors than the note's. */
export const ownClaims: ClaimsFile = {
  title: 'Claims about encodings',
  source: 'a colleague',
  fixed: { dispatch: 'queue', client: 'event-loop', source: 'pipeline' },
  claims: [
    {
      id: 'H1',
      claim: 'binary is faster than text',
      test: {
        kind: 'contrasts',
        contrasts: [
          {
            a: { encoding: 'binary', workers: 2, ...at },
            b: { encoding: 'text', workers: 2, ...at },
            metric: 'totalMs',
            claim: { fasterBy: [0, null] },
          },
        ],
      },
    },
    {
      id: 'H2',
      claim: 'binary varies less',
      test: {
        kind: 'spread',
        a: { encoding: 'binary', workers: 2, ...at },
        b: { encoding: 'text', workers: 2, ...at },
        metric: 'insertMs',
        claim: { lessBy: [0, null] },
      },
    },
    {
      id: 'H3',
      claim: 'binary is best',
      test: { kind: 'best-set', over: 'encoding', where: { workers: 2, ...at }, metric: 'totalMs', expected: 'binary' },
    },
    {
      id: 'H4',
      claim: 'binary gains more with more workers',
      test: {
        kind: 'interaction',
        of: 'encoding',
        by: 'workers',
        metric: 'recordsPerSecond',
        claim: { moreBy: [0, null] },
      },
    },
    {
      id: 'H5',
      claim: 'the client is what text waits for',
      test: {
        kind: 'contention',
        from: { encoding: 'binary', workers: 2, ...at },
        to: { encoding: 'text', workers: 2, ...at },
        metric: 'encodeMs',
        effect: { metric: 'totalMs', claim: { fasterBy: [0, null] } },
        relieved: { source: 'prepared' },
      },
    },
    {
      id: 'H6',
      claim: 'the best encoding depends on the workers',
      test: { kind: 'rule', over: 'encoding', by: ['workers'], metric: 'totalMs' },
    },
    { id: 'H7', claim: 'too many workers hurt', test: { kind: 'peak', where: { encoding: 'binary', ...at } } },
  ],
}
