import type { WrittenForm } from '../loading/csv-forms.js'
import type { Payload } from '../loading/payload.js'
import type { Workbench } from '../loading/workbench.js'
import type { Contestant } from '../rounds/contestant.js'
import type { Programs } from './programs.js'

/** The data that a peer loads, its target, and the programs that it starts. */
export interface Arena {
  readonly bench: Workbench
  readonly programs: Programs
}

/** An arena whose peers read the rows from files. */
export interface LoadingArena extends Arena {
  readonly payload: Payload
}

/** An arena whose peers read CSV files in one form. */
export interface FilesArena extends Arena {
  readonly form: WrittenForm
}

/** A program that is here. */
export interface FoundPeer<In extends Arena> {
  readonly state: 'found'
  readonly name: string
  /** Version of every tool that it rests on. */
  readonly versions: Readonly<Record<string, string>>
  contestant(arena: In): Contestant
}

/** A program that is not here, and how to get it. */
export interface MissingPeer {
  readonly state: 'missing'
  readonly name: string
  readonly reason: string
  readonly remedy: string
}

/** Looks for a program. */
export type FindPeer<In extends Arena> = () => Promise<FoundPeer<In> | MissingPeer>

/** A peer that was left out, as a result shows it. */
export type SkippedPeer = Omit<MissingPeer, 'state'>

/** Result of a search for several peers. */
export interface Peers<In extends Arena> {
  readonly found: readonly FoundPeer<In>[]
  readonly skipped: readonly SkippedPeer[]
  readonly versions: Readonly<Record<string, string>>
}

/** Looks for all of them, or for none when peers are not wanted. */
export async function findPeers<In extends Arena>(
  finders: readonly FindPeer<In>[],
  wanted: boolean,
): Promise<Peers<In>> {
  const answers = await Promise.all(wanted ? finders.map((find) => find()) : [])
  const found = answers.filter((answer) => answer.state === 'found')
  const skipped = answers.filter((answer) => answer.state === 'missing')
  return {
    found,
    skipped: skipped.map(({ name, reason, remedy }) => ({ name, reason, remedy })),
    versions: Object.assign({}, ...found.map((peer) => peer.versions)),
  }
}

/** Lines for the terminal about what was left out. */
export function skippedLines(skipped: readonly SkippedPeer[]): string[] {
  return skipped.map(({ name, reason, remedy }) => `skipped: ${name}: ${reason}: ${remedy}`)
}
