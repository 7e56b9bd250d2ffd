import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('leaves a file', () => {
  expect(tmpdir()).toBe(process.env.COPYLAB_TESTS)
  writeFileSync(join(tmpdir(), 'left-behind'), '')
})
