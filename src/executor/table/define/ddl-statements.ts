import { DatabaseError } from '../../errors.js'

/** A statement of a text of SQL, without comments, and the number of its first line. */
interface Statement {
  readonly text: string
  readonly line: number
}

/** Statements that make a table and its parts, and touch nothing that they do not name. */
const allowed =
  /^(create\s+(table|(unique\s+)?index|sequence|statistics)|alter\s+(table|index|sequence|statistics)|comment\s+on\s+(table|column|index|constraint|sequence|statistics))\b/i

/** First words of statements whose effects may outlive a transaction that is rolled back. */
const lasting =
  /^(\(|(select|values|table|with|execute|explain|insert|update|delete|merge|copy|do|call|set|load|notify)\b)/i

/**
 * Throws `DatabaseError` that names the first statement which may have effects though it is rolled
 * back: it is not even tried.
 */
export function refuseLasting(sql: string, name: string): void {
  refuseFirst(sql, name, (text) => lasting.test(text))
}

/**
 * Throws `DatabaseError` that names the first statement which does more than make a table: one that
 * drops or changes something else would do so again before every trial.
 */
export function refuseOtherStatements(sql: string, name: string): void {
  refuseFirst(sql, name, (text) => !allowed.test(text))
}

function refuseFirst(sql: string, name: string, isStrange: (text: string) => boolean): void {
  const strange = statementsIn(sql).find(({ text }) => isStrange(text))
  if (strange === undefined) return
  const [words] = /^(?:\(|[^\s(;]+(?:\s+[^\s(;]+)?)/.exec(strange.text)!
  throw new DatabaseError(
    `${name}, line ${strange.line}, has the statement ${words}: leave in it what makes the table and its parts (CREATE TABLE, INDEX, SEQUENCE, STATISTICS; ALTER and COMMENT ON of these), and do all else beforehand`,
  )
}

/**
 * A token within which a semicolon ends no statement, quoted text or a comment; or one that does.
 */
const token =
  /(--[^\n]*|\/\*)|([eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\3)|(;)/g

/**
 * Divides a text into its statements, as PostgreSQL's scanner does with
 * `standard_conforming_strings` on. Empty ones are left out.
 */
function statementsIn(sql: string): readonly Statement[] {
  const found: Statement[] = []
  let text = ''
  let at = 0
  const lineAt = (place: number): number => sql.slice(0, place).split('\n').length
  let begun = 0
  const add = (more: string, place: number): void => {
    if (text.trim() === '' && more.trim() !== '') begun = place + more.search(/\S/)
    text += more
  }
  const end = (): void => {
    if (text.trim() !== '') found.push({ text: text.trim(), line: lineAt(begun) })
    text = ''
  }
  token.lastIndex = 0
  for (let match = token.exec(sql); match !== null; match = token.exec(sql)) {
    add(sql.slice(at, match.index), at)
    const [whole, comment, quoted, , semicolon] = match
    at = match.index + whole.length
    if (comment === '/*') {
      at = endOfComment(sql, match.index)
      token.lastIndex = at
      text += ' '
    } else if (comment !== undefined) text += ' '
    else if (quoted !== undefined) add(quoted, match.index)
    else if (semicolon !== undefined) end()
  }
  add(sql.slice(at), at)
  end()
  return found
}

/** Returns where a comment ends, within which others may stand. */
function endOfComment(sql: string, from: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = from
  let depth = 0
  for (let match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return sql.length
}
