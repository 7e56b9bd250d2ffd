import { describe, expect, it } from 'vitest'
import { checkedLayout, parseLayout } from '../../../src/study/factors/layouts.js'

describe('parseLayout(text)', () => {
  it('reads parts that are left out, triggers, and partitions', () => {
    expect(parseLayout('b_idx+trigger:audit+a_key+partitions:24:customer:id')).toEqual({
      without: ['a_key', 'b_idx'],
      triggers: ['audit'],
      partitions: { count: 24, by: ['customer:id'] },
    })
    expect(parseLayout('partitions:0')).toEqual({ partitions: { count: 0 } })
    expect(parseLayout('partitions:8')).toEqual({ partitions: { count: 8 } })
  })

  it.each([
    ['partitions:', 'Expected partitions as partitions:24, or partitions:24:customer'],
    ['partitions:many', 'got "partitions:many"'],
    ['partitions:3:', 'got "partitions:3:"'],
    ['partitions:2+partitions:3', 'Expected the layout to have partitions: once, got it twice'],
    ['partitions:20000', 'to have a count from 0 to 10000'],
    ['partitions:0:id', 'and columns unless that is 0'],
  ])('refuses %s', (text, message) => {
    expect(() => parseLayout(text)).toThrow(message)
  })
})

describe('checkedLayout(level, given)', () => {
  it.each([
    [
      {},
      'Expected the layout to name what it leaves out, triggers that fire, partitions, or the column that it is distributed by',
    ],
    [{ partitions: 3 }, 'to have a count from 0'],
    [{ partitions: { count: 1.5 } }, 'to have a count from 0'],
    [{ partitions: { count: 2, by: [] } }, 'to have a count from 0'],
    [{ partitions: { count: 2, by: ['id', 'id'] } }, 'to name id once, got it twice'],
    [{ partitions: { count: 2, of: 'id' } }, 'to have a count from 0'],
  ])('refuses %j', (given, message) => {
    expect(() => checkedLayout('the layout', given)).toThrow(message)
  })

  it('keeps the order of columns, which decides on the partition', () => {
    expect(checkedLayout('the layout', { partitions: { count: 2, by: ['b', 'a'] } })).toEqual({
      partitions: { count: 2, by: ['b', 'a'] },
    })
  })
})
