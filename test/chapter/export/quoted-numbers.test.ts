import { expect, test } from 'vitest'
import { macroName, numberCollector, numbersTex } from '../../../src/chapter/export/quoted-numbers.js'
import { namedNumbers, numbersData, numbersMime, shownNumbers } from '../../../src/notebook/handed-on/shown-numbers.js'

const number = (name: string, text: string) => ({ name, text, value: 4.4, meaning: 'how much faster' })

test('macroName has letters alone', () => {
  expect(macroName('c1.lower')).toBe('\\clCOneLower')
  expect(macroName('best-set.10')).toBe('\\clBestSetOneZero')
  expect(macroName('threats.1.3.cores')).toBe('\\clThreatsOnexThreeCores')
  expect(macroName('threats.13.cores')).toBe('\\clThreatsOneThreeCores')
})

test('numbersTex defines one macro for each number, however often it is quoted, and refuses two with one name', () => {
  const tex = numbersTex([number('c1.estimate', '4.4 %'), number('c1.upper', '7'), number('c1.estimate', '4.4 %')])
  expect(tex.split('\n').slice(1)).toEqual([
    '\\newcommand{\\clCOneEstimate}{4.4 \\%}% how much faster',
    '\\newcommand{\\clCOneUpper}{7}% how much faster',
    '',
  ])
  expect(() => numbersTex([number('c1.a', '1'), number('c1-a', '2')])).toThrow(RangeError)
})

test('numbersTex writes minus and per cent signs as TeX has them, and a meaning on one line', () => {
  const change = { name: 'change', text: '−2.6', value: -2.6, meaning: 'change,\nin per cent' }
  expect(numbersTex([change])).toContain('\\newcommand{\\clChange}{$-$2.6}% change, in per cent')
})

test('numberCollector names what is said twice once, and what differs apart, by macro too', () => {
  const { numbers, add } = numberCollector()
  add('c.', [number('estimate', '4.4'), number('estimate', '4.4'), number('estimate', '5'), number('a.b', '1')])
  add('c.', [number('a-b', '1'), number('estimate', '4.4')])
  expect(numbers.map(({ name, text }) => `${name} ${text}`)).toEqual([
    'c.estimate 4.4',
    'c.estimate.2 5',
    'c.a.b 1',
    'c.a-b.2 1',
  ])
  expect(() => numbersTex(numbers)).not.toThrow()
})

test('shownNumbers reads what a cell hands on, namedNumbers what one of an older notebook does', () => {
  const said = { of: 'sentence', numbers: [number('a', '1')] } as const
  expect(shownNumbers({ [numbersMime]: [said] })).toEqual([said])
  expect(shownNumbers({ [numbersMime]: [number('a', '1')] })).toEqual([])
  expect(namedNumbers({ [numbersMime]: [number('a', '1')] })).toEqual([number('a', '1')])
  expect([shownNumbers({ 'text/plain': 'x' }), namedNumbers({ 'text/plain': 'x' })]).toEqual([[], []])
  expect(numbersData([{ of: 'sentence', numbers: [] }])).toEqual({})
})

test.each([null, 'x', 1, [null], ['a'], [{ of: 'table' }], [{ of: 'table', numbers: [null] }], {}])(
  'shownNumbers passes over %o, which no cell handed on',
  (stored) => {
    expect([shownNumbers({ [numbersMime]: stored }), namedNumbers({ [numbersMime]: stored })]).toEqual([[], []])
  },
)
