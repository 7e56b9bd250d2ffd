/** Names that are typed by people: the known one that is meant, and the list of known ones. */

/**
 * The known name that a mistyped one is nearest to, by characters that were left out, put in,
 * changed or swapped; null when none is near.
 */
export function nearestName(given: string, known: readonly string[]): string | null {
  const typed = given.toLowerCase()
  const [nearest] = known
    .map((name) => ({ name, edits: editsBetween(typed, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(1, Math.floor(Math.max(typed.length, name.length) * 0.4)))
    .sort((a, b) => a.edits - b.edits)
  if (nearest) return nearest.name
  // One of them is the beginning of the other: `batch` for `batchSize`.
  const begun = known.filter((name) => isBeginning(typed, name.toLowerCase()))
  return begun.length === 1 ? begun[0]! : null
}

function isBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a))
}

/**
 * The message about a name that is not known. `expected` is what it should be: "options", "`where`
 * to name factors".
 */
export function unknownName(given: string, known: readonly string[], expected: string): string {
  const nearest = nearestName(given, known)
  if (nearest !== null) return `Expected ${expected}, got \`${given}\`: did you mean \`${nearest}\`?`
  const list = known.length === 0 ? '' : ` out of ${listed(known)}`
  return `Expected ${expected}${list}, got \`${given}\``
}

/** `wanted`, or `wanted-2`, `wanted-3`, …: the first of them that is not taken. */
export function unusedName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken)
  let name = wanted
  for (let n = 2; names.has(name); n++) name = `${wanted}-${n}`
  return name
}

/**
 * Edits from one word to the other, a swap of neighbours being one (Damerau 1964; optimal string
 * alignment).
 */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let edits = Math.min(changed, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** Names as a message lists them, at most `max`. */
export function listed(names: readonly string[], max = 24): string {
  return names.length > max ? `${names.slice(0, max).join(', ')} and ${names.length - max} more` : names.join(', ')
}
