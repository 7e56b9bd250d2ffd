import { describe, expect, it } from 'vitest'
import { drawsFromSequence, writtenTables } from '../../../src/executor/table/define/written-tables.js'

describe('writtenTables(source)', () => {
  it.each([
    ['insert into app.log VALUES (1)', ['app.log']],
    ['INSERT\n INTO "Odd ""name" . "b.c" SELECT 1', ['"Odd ""name"."b.c"']],
    ['Update ONLY App.Counted AS c SET n = 1; UPDATE app.counted SET n = 2', ['app.counted']],
    ['DELETE FROM ONLY a; MERGE INTO b USING c ON true; TRUNCATE TABLE d; truncate e', ['a', 'b', 'd', 'e']],
    ["EXECUTE 'INSERT INTO app.log VALUES ($1)'", ['app.log']],
    ['INSERT INTO größe VALUES (1)', ['größe']],
  ])('finds the tables of: %s', (source, tables) => {
    expect(writtenTables(source)).toEqual(tables)
  })

  it.each([
    'SELECT * FROM a FOR UPDATE; SELECT * FROM a FOR NO KEY UPDATE OF a',
    "IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF",
    '-- INSERT INTO a\n/* DELETE FROM b\n UPDATE c */ SELECT 1',
    'SELECT last_update FROM a; PERFORM updated; SELECT insert_into',
  ])('finds none in: %s', (source) => {
    expect(writtenTables(source)).toEqual([])
  })

  it('takes ON CONFLICT DO UPDATE SET for a part of its INSERT', () => {
    expect(writtenTables('INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET b = 2')).toEqual(['a'])
  })
})

describe('drawsFromSequence(source)', () => {
  it.each([
    ["RETURN pg_catalog.NEXTVAL ('app.numbers')", true],
    ["PERFORM setval('a', 1)", true],
    ["-- nextval('a')\nRETURN nextvalue", false],
  ])('%s: %s', (source, draws) => {
    expect(drawsFromSequence(source)).toBe(draws)
  })
})
