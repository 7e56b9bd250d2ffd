import { describe, expect, it } from 'vitest'
import { layoutCosts, sentencesOf } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'
import { laidOut } from './laid-out.js'

const tags = { without: ['orders_tags_idx'] }

describe('layoutCosts', () => {
  it('layoutCosts names the part that a layout leaves out, its time and share within blocks, and its index', () => {
    const study = laidOut({ default: { totalMs: 2000 }, bare: { ...tags, totalMs: 1200 } }, { workers: [1, 2] })
    const costs = layoutCosts(study)
    expect(costs.map(({ a, b }) => [a.workers, a.layout, b.workers, b.layout])).toEqual([
      [1, 'bare', 1, 'default'],
      [2, 'bare', 2, 'default'],
    ])
    expect(layoutCosts(study, { where: { workers: 2 } })).toEqual(costs.slice(1))
    const [one] = costs
    expect(one).toMatchObject({ having: 'b', parts: [{ name: 'orders_tags_idx' }], blocks: 6, excluded: [] })
    const { cost, share } = one!
    expect(cost!.value / 800).toBeCloseTo(1, 1)
    expect(cost!.interval!.lower).toBeLessThan(cost!.value)
    expect(cost!.interval!.upper).toBeGreaterThan(cost!.value)
    expect(share!.value).toBeCloseTo(0.4, 1)
    expect(share!.interval!.lower).toBeLessThan(share!.value)
    expect(one!.server).toEqual({
      indexBytes: 23_000_000,
      triggerMs: null,
      triggerMsReason: null,
      walBytes: 46_000_000,
      walRecords: 0,
      walFullPages: 0,
    })
    expect(sentencesOf(one!)[0]).toMatch(
      /^With 1 worker at 10K, the index orders_tags_idx \(gin \(tags\)\) costs (7|8)\d\d ms \(95 % CI \d{3} to \d{3}\), (39|40|41) % \(95 % CI \d\d to \d\d\) of a load with it, 6 blocks; the server has an index of 23 MB for it and wrote 46 MB more WAL$/,
    )
  })

  it('layoutCosts takes the time of a trigger as a share of the load without it', () => {
    const study = laidOut({ default: { totalMs: 1000 }, audited: { triggers: ['audit'], totalMs: 1500 } })
    const [one] = layoutCosts(study)
    expect(one).toMatchObject({ having: 'a', parts: [{ name: 'audit' }], server: { triggerMs: 640, indexBytes: null } })
    expect(one!.cost!.value / 500).toBeCloseTo(1, 1)
    expect(sentencesOf(one!)[0]).toMatch(
      /the trigger audit \(AFTER INSERT, app\.audit\(\)\) costs (4\d\d|5\d\d) ms \(95 % CI \d{3} to \d{3}\), (48|49|50|51|52) % \(95 % CI \d\d to \d\d\) of a load without it, 6 blocks; the server counted 640 ms of the workers' time in its function and wrote as much WAL$/,
    )
  })

  it('layoutCosts says why the time in trigger functions is not known', () => {
    const study = laidOut(
      { default: { totalMs: 1000 }, audited: { triggers: ['audit'], totalMs: 1500 } },
      { change: (trial) => ({ ...trial, triggerMs: null, missing: { triggerMs: 'others call it too' } }) },
    )
    expect(sentencesOf(layoutCosts(study)[0]!)[0]).toMatch(
      /; the time in trigger functions is not known: others call it too$/,
    )
  })

  it('layoutCosts says that a cost is not distinguishable from zero, and that one saves', () => {
    const study = laidOut(
      {
        default: { totalMs: 1000 },
        same: { without: ['orders_note_idx'], totalMs: 1000 },
        slower: { without: ['orders_customer_fkey'], totalMs: 1200 },
      },
      { seed: 3 },
    )
    const [same, slower] = layoutCosts(study).map((one) => sentencesOf(one)[0])
    expect(same).toMatch(
      /the index orders_note_idx \(UNIQUE btree \(note\)\) costs .* of a load with it, which is not distinguishable from zero, 6 blocks/,
    )
    expect(slower).toMatch(
      /the foreign key orders_customer_fkey \(FOREIGN KEY \(customer\) REFERENCES customers\(id\)\) saves (1|2)\d\d ms \(95 % CI \d{3} to \d{3}\), .* of a load with it, 6 blocks; the server wrote as much WAL$/,
    )
  })

  it('layoutCosts lists several parts, and names the layout where each table has something of its own', () => {
    const study = laidOut({
      none: { without: ['orders_tags_idx', 'orders_note_idx'], totalMs: 800 },
      both: { totalMs: 1000, triggers: ['audit'], without: ['orders_tags_idx', 'orders_note_idx', 'orders_pkey'] },
      whole: { without: ['orders_pkey'], totalMs: 900 },
      fewer: { without: ['orders_tags_idx', 'orders_note_idx', 'orders_pkey', 'orders_customer_fkey'], totalMs: 700 },
    })
    const [both, whole, fewer] = layoutCosts(study)
    expect(
      [both, whole, fewer].map((one) => [one!.reference, one!.having, one!.parts.map(({ name }) => name)]),
    ).toEqual([
      ['none', null, []],
      ['none', null, []],
      ['none', 'b', ['orders_pkey', 'orders_customer_fkey']],
    ])
    expect(sentencesOf(both!)[0]).toMatch(
      /^With 2 workers at 10K, the layout both \(without orders_tags_idx, orders_note_idx and orders_pkey, with the trigger audit\) in place of none \(without orders_tags_idx and orders_note_idx\) costs \d{3} ms \(95 % CI .*\), \d\d % \(95 % CI \d\d to \d\d\) of a load with none, 6 blocks; the server wrote 24 MB less WAL$/,
    )
    expect(sentencesOf(fewer!)[0]).toMatch(
      /, the primary key orders_pkey \(PRIMARY KEY \(id\)\) and the foreign key orders_customer_fkey \(.*\) cost .* of a load with them, 6 blocks; the server has indexes of 12 MB for them and wrote 24 MB more WAL$/,
    )
  })

  it('layoutCosts names what a layout changes that is no part of the table', () => {
    const study = laidOut({
      default: { totalMs: 1000 },
      spread: { partitions: { count: 24, by: ['customer', 'id'] }, totalMs: 1100 },
      keyed: { partitions: { count: 8 }, totalMs: 1100 },
      plain: { partitions: { count: 0 }, ...tags, totalMs: 700 },
      apart: { distribute: 'id', totalMs: 1300 },
      near: { distribute: 'customer_2', shards: 1, colocateWith: 'shop.customers', ...tags, totalMs: 1300 },
      many: { distribute: 'id', shards: 32, partitions: { count: 8 }, totalMs: 1300 },
    })
    const [spread] = layoutCosts(study)
    expect(spread!.changes).toEqual({ a: { partitions: { count: 24, by: ['customer', 'id'] } }, b: {} })
    expect(layoutCosts(study).map((one) => sentencesOf(one)[0]!.replace(/ (costs|saves).*/, ''))).toEqual([
      'With 2 workers at 10K, the layout spread (24 partitions by the hash of customer, id) in place of default',
      'With 2 workers at 10K, the layout keyed (8 partitions by the hash of the primary key) in place of default',
      'With 2 workers at 10K, the layout plain (no partitions, without orders_tags_idx) in place of default',
      'With 2 workers at 10K, the layout apart (distributed by id) in place of default',
      'With 2 workers at 10K, the layout near (distributed by customer_2 over 1 shard, colocated with shop.customers, without orders_tags_idx) in place of default',
      'With 2 workers at 10K, the layout many (distributed by id over 32 shards, 8 partitions by the hash of the primary key) in place of default',
    ])
  })

  it('layoutCosts is empty for one layout, and says that no block has both', () => {
    expect(layoutCosts(laidOut({ bare: { ...tags, totalMs: 1000 } }))).toEqual([])
    const study = laidOut({ default: { totalMs: 2000 }, bare: { ...tags, totalMs: 1200 } })
    const trials = study.trials.map((trial) => (trial.treatment.layout === 'bare' ? broken(trial as never) : trial))
    const [one] = layoutCosts({ ...study, trials })
    expect(one).toMatchObject({ cost: null, share: null, blocks: 0, server: { indexBytes: null, walBytes: null } })
    expect(sentencesOf(one!)[0]).toMatch(/costs an unknown time: no block with both$/)
    const single = layoutCosts({ ...study, trials: study.trials.filter(({ block }) => block === 1) })
    expect(sentencesOf(single[0]!)[0]).toMatch(/costs \d{3} ms, no interval, \d\d % of a load with it, 1 block;/)
  })
})
