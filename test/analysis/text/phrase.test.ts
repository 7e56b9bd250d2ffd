import { describe, expect, it } from 'vitest'
import { describedAs, joined, listed, phrase, prefixed } from '../../../src/analysis/text/phrase.js'
import {
  comparedP,
  countedThings,
  quoted,
  quotedP,
  quotedShare,
  wholePercent,
} from '../../../src/analysis/text/quoted.js'

const two = quoted('workers', 2, '2', 'workers')
const half = quoted('share', 49.96, '50', 'share')

describe('phrase', () => {
  it('phrase reads like its template and holds the numbers of its parts, in order', () => {
    const inner = phrase`${half} % less`
    expect(phrase`with ${two} workers: ${inner}${''}`).toEqual({
      text: 'with 2 workers: 50 % less',
      numbers: [two, half],
    })
    expect(phrase`none`).toEqual({ text: 'none', numbers: [] })
  })

  it('listed and joined write lists', () => {
    expect(listed([]).text).toBe('')
    expect(listed(['a']).text).toBe('a')
    expect(listed(['a', 'b', two])).toEqual({ text: 'a, b and 2', numbers: [two] })
    expect(joined([two, half], '; ')).toEqual({ text: '2; 50', numbers: [two, half] })
  })

  it('under and about leave the words alone and change what the numbers are called', () => {
    const said = phrase`${two} workers`
    expect(prefixed('a', said)).toEqual({ text: said.text, numbers: [{ ...two, name: 'a.workers' }] })
    expect(describedAs('first', said)).toEqual({ text: said.text, numbers: [{ ...two, meaning: 'first: workers' }] })
  })
})

describe('quoted numbers', () => {
  it('are written as sentences write them, with the number after the word', () => {
    expect(countedThings('records', 10_000, 'record')).toEqual({
      text: '10,000 records',
      numbers: [quoted('records', 10_000, '10,000', 'records')],
    })
    expect(countedThings('blocks', 1, 'block').text).toBe('1 block')
    expect(quotedShare('level', 0.9731, 'level')).toMatchObject({ text: '97.31', value: 97.31 })
    expect(wholePercent('busy', 0.966, 'busy').text).toBe('97 %')
  })

  it('give a small p value as a bound', () => {
    expect(quotedP('p', 0.0457, 'p').text).toBe('0.046')
    expect(quotedP('p', 0.0002, 'p')).toMatchObject({ text: 'below 0.001', numbers: [{ text: '0.001', value: 0.001 }] })
    expect(comparedP('p', 0.0457, 'p').text).toBe('= 0.046')
    expect(comparedP('p', 0.0002, 'p').text).toBe('< 0.001')
  })
})
