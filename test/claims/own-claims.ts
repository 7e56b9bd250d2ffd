import type { ClaimsFile } from '../../src/entries/analysis.js'

const at = { batchSize: 1000 } as const

/** Claims that the project did not start from: every kind, about other factors than the note's. */
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
        kind: 'relief',
        from: { encoding: 'binary', workers: 2, ...at },
        to: { encoding: 'text', workers: 2, ...at },
        metric: 'encodeMs',
        effect: { metric: 'totalMs', claim: { fasterBy: [0, null] } },
        relieved: [{ source: 'prepared' }],
      },
    },
    {
      id: 'H6',
      claim: 'the best encoding depends on the workers',
      test: {
        kind: 'rule',
        over: 'encoding',
        settings: [1, 2, 4].map((workers) => ({ workers, ...at })),
        metric: 'totalMs',
      },
    },
    { id: 'H7', claim: 'too many workers hurt', test: { kind: 'peak', where: { encoding: 'binary', ...at } } },
    {
      id: 'H8',
      claim: 'binary needs more workers',
      test: {
        kind: 'shift',
        of: 'workers',
        by: 'encoding',
        between: ['text', 'binary'],
        metric: 'totalMs',
        best: 'rises',
      },
    },
    {
      id: 'H9',
      claim: 'text takes more encoding',
      test: {
        kind: 'change',
        from: { encoding: 'binary', workers: 2, ...at },
        to: { encoding: 'text', workers: 2, ...at },
        metric: 'encodeMs',
        change: 'rises',
      },
    },
    {
      id: 'H10',
      claim: 'as many connections',
      test: {
        kind: 'report',
        a: { encoding: 'binary', workers: 2, ...at },
        b: { encoding: 'text', workers: 2, ...at },
        metric: 'connections',
      },
    },
    {
      id: 'H11',
      claim: 'binary took 43 % less time in our test',
      test: {
        kind: 'measurement',
        measured: [
          {
            a: { encoding: 'binary', workers: 2, ...at },
            b: { encoding: 'text', workers: 2, ...at },
            metric: 'totalMs',
            ratio: 0.57,
          },
        ],
      },
    },
  ],
}
