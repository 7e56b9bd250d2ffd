import { expect, test } from 'vitest'
import { macroName, numbersIn, numbersMime, numbersTex } from '../../../src/chapter/export/quoted-numbers.js'

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

test('quotedNumbers reads what a cell hands on, and none where it hands on none', () => {
  expect(numbersIn({ [numbersMime]: [number('a', '1')] })).toEqual([number('a', '1')])
  expect(numbersIn({ 'text/plain': 'x' })).toEqual([])
})
