/**
 * What must not come of a fault. `lost`: a trial that was reported or a record is not there.
 * `doubled`: one is there twice. `unreadable`: a journal is refused or damaged. `hangs`: a call did
 * not end in bounded time. `unclear`: it ended by an error that is not copylab's own, or without
 * words. `silent`: a trial that stood still counts as one that ran. `left`: a schema, a connection
 * or a mount remains.
 */
export type TroubleKind = 'lost' | 'doubled' | 'unreadable' | 'hangs' | 'unclear' | 'silent' | 'left'

/** How often each kind of trouble was met. */
export type TroubleCounts = { readonly [kind in TroubleKind]: number }

/** Trouble met by a class, with the first examples of it. */
export interface Trouble {
  readonly counts: { [kind in TroubleKind]: number }
  readonly examples: string[]
  note(kind: TroubleKind, example: string): void
}

const examplesKept = 20

/** Every kind, the worst first. */
export const troubleKinds: readonly TroubleKind[] = [
  'lost',
  'doubled',
  'unreadable',
  'hangs',
  'unclear',
  'silent',
  'left',
]

/** Nothing met yet. */
export function noTrouble(): Trouble {
  const counts = { lost: 0, doubled: 0, unreadable: 0, hangs: 0, unclear: 0, silent: 0, left: 0 }
  const examples: string[] = []
  return {
    counts,
    examples,
    note(kind, example) {
      counts[kind]++
      if (examples.length < examplesKept) examples.push(`${kind}: ${example}`)
    },
  }
}

/** What was met, one line for each kind, and the examples of it; empty for nothing. */
export function troubleLines(met: TroubleCounts & { readonly examples: readonly string[] }): string[] {
  return [...troubleKinds.filter((kind) => met[kind] > 0).map((kind) => `${kind}: ${met[kind]}`), ...met.examples]
}
