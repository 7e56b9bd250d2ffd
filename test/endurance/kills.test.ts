import { describe, expect, it } from 'vitest'
import { killAtPoints } from '../../bench/endurance/kills/campaign.js'
import { kills } from '../../bench/endurance/kills/kills.js'

/** All of it is judged by the facts of `/proc`. */
const linux = process.platform === 'linux'

describe.skipIf(!linux)('a study that is killed and resumed (needs Linux, for its process table)', () => {
  it('loses, doubles and leaves nothing by 30 kills of the client, its server, the guardian and single backends', async () => {
    const result = await killAtPoints({
      asked: { points: 30, inMeasured: 15, ofEachTarget: 7 },
      blocks: 3,
      lanes: 3,
      seed: 1,
      progress: () => {},
      signal: new AbortController().signal,
    })
    expect(kills.wrong(result)).toEqual([])
    expect(result).toMatchObject({ lost: 0, doubled: 0, unreadable: 0, hangs: 0, examples: [] })
  }, 1_200_000)
})
