import { describe, expect, it } from 'vitest'
import {
  checkedChoice,
  checkedInteger,
  checkedNumber,
  checkedNumbers,
  checkOptions,
  inMessage,
  integerOf,
  isInteger,
} from '../../src/check.js'

const wrong = Number.NaN

describe('checkedInteger', () => {
  it.each([
    [3, { from: 3 }],
    [20, { from: 1, to: 20 }],
    [-4, {}],
    [2 ** 53 - 1, { above: 0 }],
  ])('checkedInteger returns %d in %j', (value, range) => {
    expect(checkedInteger('n', value, range)).toBe(value)
    expect(isInteger(value, range)).toBe(true)
  })

  it.each([
    [2, { from: 3 }, 'Expected `n` to be a whole number from 3, got 2'],
    [21, { from: 1, to: 20 }, 'Expected `n` to be a whole number from 1 to 20, got 21'],
    [5, { from: 0, below: 5 }, 'Expected `n` to be a whole number from 0 below 5, got 5'],
    [3, { from: 4, why: 'one for each' }, 'Expected `n` to be a whole number from 4, one for each, got 3'],
    [3.5, {}, 'Expected `n` to be a whole number, got 3.5'],
    [2 ** 53, {}, 'got 9007199254740992'],
    [wrong, { from: 3 }, 'got NaN'],
    ['4', { from: 3 }, 'got "4"'],
    [undefined, { from: 3 }, 'got undefined'],
    [null, { from: 3 }, 'got null'],
  ])('checkedInteger refuses %j in %j', (value, range, message) => {
    expect(() => checkedInteger('n', value, range)).toThrow(RangeError)
    expect(() => checkedInteger('n', value, range)).toThrow(message)
    expect(isInteger(value, range)).toBe(false)
  })
})

describe('integerOf', () => {
  it('integerOf reads digits alone', () => {
    expect(integerOf('--rounds', '12', { from: 1 })).toBe(12)
    for (const text of ['', '1e3', '0x10', '1.5', 'twelve']) {
      expect(() => integerOf('--rounds', text, { from: 1 })).toThrow(
        `Expected \`--rounds\` to be a whole number from 1, got ${JSON.stringify(text)}`,
      )
    }
    expect(() => integerOf('--rounds', '0', { from: 1 })).toThrow('got 0')
  })
})

describe('checkedNumber', () => {
  it('checkedNumber tells bounds that belong to the range from those that do not', () => {
    expect(checkedNumber('p', 0, { from: 0, to: 1 })).toBe(0)
    expect(() => checkedNumber('p', 0, { above: 0, below: 1 })).toThrow(
      'Expected `p` to be a number between 0 and 1, got 0',
    )
    expect(() => checkedNumber('p', 1, { above: 0, below: 1 })).toThrow('got 1')
    expect(() => checkedNumber('p', 1.1, { from: 0, to: 1 })).toThrow('to be a number from 0 to 1, got 1.1')
    expect(() => checkedNumber('p', 0, { above: 0 })).toThrow('to be a number above 0, got 0')
    expect(() => checkedNumber('p', 11, { above: 0, to: 10 })).toThrow('to be a number above 0 to 10, got 11')
  })

  it.each([wrong, Number.POSITIVE_INFINITY, '1', null])('checkedNumber takes %j for no finite number', (value) => {
    expect(() => checkedNumber('x', value)).toThrow(
      new RangeError(`Expected \`x\` to be a finite number, got ${typeof value === 'string' ? '"1"' : value}`),
    )
  })
})

describe('checkedNumbers', () => {
  it('checkedNumbers returns the list that was given, of any kind', () => {
    const values = [1, 2.5]
    expect(checkedNumbers('values', values)).toBe(values)
    expect(checkedNumbers('values', [], { least: 0 })).toEqual([])
    const typed = Float64Array.of(1, 2)
    expect(checkedNumbers('values', typed as never)).toBe(typed)
  })

  it.each([
    [[], {}, RangeError, '`v` to hold at least 1 number, got 0'],
    [[1], { least: 2 }, RangeError, '`v` to hold at least 2 numbers, got 1'],
    [[1, wrong], {}, RangeError, '`v` to hold finite numbers only, got NaN at index 1'],
    [[1, 0], { above: 0 }, RangeError, '`v` to hold numbers above 0 only, got 0 at index 1'],
    [[0.5, 1.1], { from: 0, to: 1 }, RangeError, '`v` to hold numbers from 0 to 1 only, got 1.1 at index 1'],
    [[1, '2'], {}, TypeError, '`v` to hold numbers only, got "2" at index 1'],
    ['12', {}, TypeError, '`v` to be a list of numbers, got "12"'],
    [undefined, {}, TypeError, '`v` to be a list of numbers, got undefined'],
  ])('checkedNumbers refuses %j in %j', (values, range, type, message) => {
    expect(() => checkedNumbers('v', values as number[], range)).toThrow(type)
    expect(() => checkedNumbers('v', values as number[], range)).toThrow(`Expected ${message}`)
  })
})

describe('checkedChoice', () => {
  it('checkedChoice returns a choice, and lists them for anything else', () => {
    expect(checkedChoice('goal', 'min', ['min', 'max'])).toBe('min')
    expect(checkedChoice('version', 18, [17, 18])).toBe(18)
    expect(() => checkedChoice('goal', 'most', ['min', 'max'])).toThrow(
      new RangeError('Expected `goal` to be one of min, max, got "most"'),
    )
    expect(() => checkedChoice('goal', undefined, ['min', 'max'])).toThrow('got undefined')
  })
})

describe('checkOptions', () => {
  const names = { where: true, level: true } as const

  it('takes what is known, and what is undefined', () => {
    expect(() => checkOptions({ where: 1, level: undefined }, names)).not.toThrow()
    expect(() => checkOptions({ were: undefined } as object as { where: number; level: number }, names)).not.toThrow()
  })

  it.each([
    [{ were: 1 }, undefined, 'Expected options, got `were`: did you mean `where`?'],
    [{ zzz: 1 }, undefined, 'Expected options out of where, level, got `zzz`'],
    [{ lvl: 1 }, 'stop', 'Expected `stop` to have options, got `lvl`: did you mean `level`?'],
    [null, undefined, 'Expected options to be an object, got null'],
    ['x', 'stop', 'Expected `stop` to be an object, got string'],
  ])('refuses %j', (given, of, message) => {
    expect(() => checkOptions(given as never, names as never, of)).toThrow(new TypeError(message))
  })
})

describe('inMessage', () => {
  it.each([
    ['1\u00a0234', '"1<U+00A0>234"'],
    ['\ufeffid\u200b', '"<U+FEFF>id<U+200B>"'],
    ['\u202f\u2028\u00ad\x7f\x85', '"<U+202F><U+2028><U+00AD><U+007F><U+0085>"'],
    ['\u{e0001}', '"<U+E0001>"'],
    ['a b\t"é中😀\0', '"a b\\t\\"é中😀\\u0000"'],
    [['\u00a0'], '["<U+00A0>"]'],
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
  ])('shows %o with the code points of what nobody sees', (value, shown) => {
    expect(inMessage(value)).toBe(shown)
  })

  it('shows the beginning of a long value', () => {
    expect(inMessage('a'.repeat(300))).toBe(`"${'a'.repeat(199)}…`)
  })
})
