import { expect, test } from 'vitest'
import { readingCommand } from '../../src/cli/reading-command.js'

const levelOf = (args: readonly string[], level: number | null): unknown =>
  readingCommand('any', { level: { default: level } })
    .parse(args, { from: 'user' })
    .opts().level

test('readingCommand leaves the level to the study without a default, takes the default, and what is given before both', () => {
  expect(levelOf([], null)).toBeUndefined()
  expect(levelOf([], 0.9)).toBe(0.9)
  expect(levelOf(['--level', '0.99'], null)).toBe(0.99)
  expect(levelOf(['--level', '0.99'], 0.9)).toBe(0.99)
})
