const word = '(?:"(?:[^"]|"")+"|[\\p{L}_][\\p{L}\\p{N}_$]*)'

/** A statement that writes, up to the name of its table; not `FOR UPDATE`. */
const writing = new RegExp(
  `(?<!\\b(?:for|key)\\s+)\\b(?:insert\\s+into|update|delete\\s+from|merge\\s+into|truncate(?:\\s+table)?)\\s+(?:only\\s+)?(${word}(?:\\s*\\.\\s*${word})*)`,
  'giu',
)

/** Words that may follow UPDATE where it names no table: `ON CONFLICT DO UPDATE SET`. */
const noTables = ['set', 'of', 'or', 'on', 'nowait', 'skip']

const comment = /--[^\n]*|\/\*[\s\S]*?\*\//g

/**
 * Returns the tables that a function's source inserts into, updates, deletes from or truncates, as
 * far as its text tells: names that it puts together as it runs are not found.
 */
export function writtenTables(source: string): string[] {
  const found = [...source.replace(comment, ' ').matchAll(writing)].map(([, name]) => spelled(name!))
  return [...new Set(found)].filter((name) => !noTables.includes(name))
}

/** Whether a function's source draws numbers from a sequence, or sets it. */
export function drawsFromSequence(source: string): boolean {
  return /\b(?:nextval|setval)\s*\(/i.test(source.replace(comment, ' '))
}

function spelled(name: string): string {
  const words = name.match(new RegExp(word, 'gu'))!
  return words.map((each) => (each.startsWith('"') ? each : each.toLowerCase())).join('.')
}
