import { describe, expect, it } from 'vitest'
import { refuseLasting, refuseOtherStatements } from '../../../src/executor/table/define/ddl-statements.js'

const refusal = (sql: string, refuse = refuseOtherStatements): string | null => {
  try {
    refuse(sql, 'a.sql')
    return null
  } catch (error) {
    return (error as Error).message.split(':', 1)[0]!
  }
}

describe('refuseOtherStatements', () => {
  it.each([
    'CREATE TABLE {table} (id int)',
    "create table {table} (a text DEFAULT 'x;DROP TABLE y', b text DEFAULT E'\\';DROP TABLE y', c text DEFAULT $$;DROP$$, d text DEFAULT $a$;DROP $$ x$a$);",
    '-- a; DROP TABLE x\n/* b; /* DROP */ ; DROP */ CREATE UNIQUE INDEX ON {table} ("a;DROP TABLE b");;',
    "CREATE SEQUENCE s; ALTER TABLE {table} ADD PRIMARY KEY (id); COMMENT ON COLUMN {table}.id IS 'DROP'; CREATE STATISTICS x ON a, b FROM {table}",
    'ALTER INDEX i SET (fillfactor = 50); ALTER SEQUENCE s OWNED BY {table}.id',
    '',
  ])('takes %j', (sql) => {
    expect(refusal(sql)).toBeNull()
  })

  it.each([
    ['CREATE TABLE {table} (id int);\nDROP TABLE public.victim', 2, 'DROP TABLE'],
    ['create table {table} (id int); drop schema x cascade', 1, 'drop schema'],
    ["/* x */\n\n  DO $$ BEGIN EXECUTE 'DROP TABLE y'; END $$", 3, 'DO $$'],
    ["CREATE TABLE {table} (a text DEFAULT 'it''s');DELETE FROM x", 1, 'DELETE FROM'],
    ["CREATE TABLE {table} (a text DEFAULT 'a\\');\nDROP TABLE x; --')", 2, 'DROP TABLE'],
    ['SELECT lo_create(0)', 1, 'SELECT lo_create'],
    ['ALTER ROLE me SET work_mem = 1', 1, 'ALTER ROLE'],
    ['ALTER DATABASE x SET work_mem = 1', 1, 'ALTER DATABASE'],
    ['SET statement_timeout = 50', 1, 'SET statement_timeout'],
    ["COPY x TO PROGRAM 'rm'", 1, 'COPY x'],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 1, 'CREATE FUNCTION'],
    ['CREATE UNLOGGED TABLE {table} (id int)', 1, 'CREATE UNLOGGED'],
    ['CREATE OR REPLACE VIEW v AS SELECT 1', 1, 'CREATE OR'],
    ['COMMENT ON DATABASE x IS NULL', 1, 'COMMENT ON'],
    ['WITH a AS (DELETE FROM x RETURNING 1) SELECT 1', 1, 'WITH a'],
    ['(SELECT 1)', 1, '('],
  ])('refuses %j', (sql, line, words) => {
    expect(refusal(sql)).toBe(`a.sql, line ${line}, has the statement ${words}`)
  })
})

describe('refuseLasting', () => {
  it.each([
    ['SELECT nextval(x)', 'SELECT nextval'],
    ["CREATE TABLE {table} (id int);\n-- x\ncopy y TO PROGRAM 'rm'", 'copy y'],
    ['DO $$ x $$', 'DO $$'],
    ['SET lock_timeout = 0', 'SET lock_timeout'],
    ['(SELECT 1)', '('],
    ['/* x */ insert into y VALUES (1)', 'insert into'],
  ])('refuses %j', (sql, words) => {
    expect(refusal(sql, refuseLasting)).toContain(`has the statement ${words}`)
  })

  it.each(['CREATE TABLE {table} (id int)', 'DROP TABLE x', 'COMMIT', 'CREATE TYPE x AS ENUM ()', 'SETTLE'])(
    'leaves %j to be tried',
    (sql) => {
      expect(refusal(sql, refuseLasting)).toBeNull()
    },
  )
})
