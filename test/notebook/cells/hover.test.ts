import { expect, test } from 'vitest'
import { documentedFunctions } from '../../entries/documented.js'
import { talk } from './talk.js'

const names = documentedFunctions('copylab')

test('Shift-Tab on a name of copylab shows what it does, what it throws, and an example', async () => {
  expect(names).toHaveLength(40)
  await talk(async (ask) => {
    const code = `import { ${names.map(({ name }) => name).join(', ')} } from 'copylab'`
    await ask('execute_request', { code, silent: false, store_history: true })
    for (const { name, text, examples } of names) {
      const { found, data } = await ask('inspect_request', { code: name, cursor_pos: 2, detail_level: 0 })
      expect([name, found]).toEqual([name, true])
      const shown = (data as Record<string, string>)['text/plain']!
      expect(shown).toContain(`${name}(`)
      expect(shown).toContain(`\n${text}\n`)
      expect(shown).toContain(`\nExample:\n\n  ${examples[0]!.replace(/\n(?=.)/g, '\n  ')}`)
    }
    const compare = await ask('inspect_request', { code: 'compare', cursor_pos: 2, detail_level: 0 })
    expect((compare.data as Record<string, string>)['text/plain']).toMatch(/\n\nThrows `RangeError` when /)
  })
})

test('Shift-Tab on an option tells its default and that an earlier name is deprecated', async () => {
  await talk(async (ask) => {
    const imports = "import { compare } from 'copylab'\nimport { bestWorkersOf } from 'copylab/analysis'"
    await ask('execute_request', { code: imports, silent: false, store_history: true })
    const shownAt = async (typed: string): Promise<string> => {
      const request = { code: typed.replace('|', ''), cursor_pos: typed.indexOf('|'), detail_level: 0 }
      return ((await ask('inspect_request', request)).data as Record<string, string>)['text/plain'] ?? ''
    }
    expect(await shownAt("compare(null, { a: {}, b: {}, me|tric: 'totalMs' })")).toMatch(/\n\nDefault: 'totalMs'/)
    expect(await shownAt('best|WorkersOf')).toMatch(/\n\nDeprecated: `bestWorkers\(study, \{ claims \}\)` gives them/)
  })
})
