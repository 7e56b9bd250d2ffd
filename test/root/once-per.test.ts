import { expect, it } from 'vitest'
import { oncePer } from '../../src/once-per.js'

it('oncePer computes once for an object, and anew for an equal one', () => {
  const asked: object[] = []
  const sizeOf = oncePer((list: readonly number[]) => {
    asked.push(list)
    return list.length
  })
  const list = [1, 2]
  expect([sizeOf(list), sizeOf(list), sizeOf([...list])]).toEqual([2, 2, 2])
  expect(asked).toEqual([list, list])
  expect(asked[0]).toBe(list)
  expect(asked[1]).not.toBe(list)
})

it('oncePer keeps a value of undefined too', () => {
  let computed = 0
  const none = oncePer((_: object): undefined => {
    computed++
  })
  const object = {}
  none(object)
  none(object)
  expect(computed).toBe(1)
})
