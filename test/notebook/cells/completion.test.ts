import { expect, test } from 'vitest'
import { talk } from './talk.js'

test('Tab and Shift-Tab know earlier cells, in code that the kernel corrects and after a mistake', async () => {
  await talk(async (ask) => {
    const run = (code: string) => ask('execute_request', { code, silent: false, store_history: true })
    await run("/** What is measured. */\nconst serverName = 's'\nnamespace Units { export const kilo = 1000 }")
    await run('const unrelated = 1')
    await run('const broken: string = unrelated')

    const complete = (typed: string) =>
      ask('complete_request', { code: typed.replace('|', ''), cursor_pos: typed.indexOf('|') })
    for (const typed of ['({ serv| })', 'export const copy = { a: serv| }', 'for await (const x of [serv|]) {}']) {
      const { matches, cursor_start, cursor_end } = await complete(typed)
      expect(matches).toContain('serverName')
      expect(typed.slice(cursor_start as number, cursor_end as number)).toBe('serv')
    }
    expect((await complete('Units.|')).matches).toContain('kilo')

    const code = 'export const again = [serverName]'
    const { found, data } = await ask('inspect_request', {
      code,
      cursor_pos: code.indexOf('serverName') + 2,
      detail_level: 0,
    })
    expect(found).toBe(true)
    expect((data as Record<string, string>)['text/plain']).toMatch(/const serverName: "s"[\s\S]*What is measured/)
  })
}, 60_000)
