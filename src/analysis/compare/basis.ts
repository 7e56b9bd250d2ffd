import { sessionOfBlocks } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import { mean } from '../statistics/numerics/moments.js'

/**
 * What the intervals of a result rest on. In a study in sessions the replicate is the session, with
 * the mean of its blocks as its value: what differs from one start of server and client to the next
 * is common to all of its blocks, so that these say nothing about it, however many they are
 * (Kalibera & Jones 2013, Rigorous benchmarking in reasonable time). Sessions weigh alike, and
 * Student's t has one degree of freedom less than there are sessions.
 */
export interface Basis {
  /** Number of blocks that are used. */
  readonly blocks: number
  /**
   * Number of sessions that these are of, on which the intervals rest; null in a study that is not
   * in sessions, whose intervals rest on blocks.
   */
  readonly sessions: number | null
}

/** A study, as far as its sessions are concerned. */
type InSessions = Pick<Study, 'contexts' | 'trials'> & { readonly plan: Pick<Study['plan'], 'blocksPerSession'> }

/** Returns what intervals over some blocks of a study rest on. */
export function basisOf(study: InSessions, blocks: readonly number[]): Basis {
  return { blocks: blocks.length, sessions: isInSessions(study) ? groupsOf(study, blocks).length : null }
}

/** Returns the number of replicates, by which minimums count. */
export function replicatesOf({ blocks, sessions }: Basis): number {
  return sessions ?? blocks
}

/** Returns the narrower of several bases: the one with the fewest replicates. */
export function fewestOf(bases: readonly Basis[]): Basis {
  const [first, ...others] = bases
  const { blocks, sessions } = others.reduce((few, one) => (replicatesOf(one) < replicatesOf(few) ? one : few), first!)
  return { blocks, sessions }
}

/**
 * Returns the values of the replicates, from those of blocks: the means of sessions, in their
 * order, and the values themselves in a study that is not in sessions.
 */
export function replicateMeans(
  study: InSessions,
  blocks: readonly number[],
  values: readonly number[],
): readonly number[] {
  if (!isInSessions(study)) return values
  return groupsOf(study, blocks).map((own) => mean(own.map((index) => values[index]!)))
}

/** Returns the rows of the replicates, from those of blocks, by the means of their logarithms. */
export function replicateRows(
  study: InSessions,
  blocks: readonly number[],
  rows: readonly (readonly number[])[],
): number[][] {
  const columns = rows[0]?.map((_, column) =>
    replicateMeans(
      study,
      blocks,
      rows.map((row) => (isInSessions(study) ? Math.log(row[column]!) : row[column]!)),
    ),
  )
  if (columns === undefined) return []
  const back = isInSessions(study) ? Math.exp : (value: number): number => value
  return columns[0]!.map((_, replicate) => columns.map((column) => back(column[replicate]!)))
}

/**
 * Returns values that vary as those of blocks do within sessions, and by nothing else: of each
 * session's n values n − 1 orthonormal contrasts (Helmert 1876), which are free of its mean; the
 * values themselves in a study that is not in sessions.
 */
export function withinReplicates(
  study: InSessions,
  blocks: readonly number[],
  values: readonly number[],
): readonly number[] {
  if (!isInSessions(study)) return values
  return groupsOf(study, blocks).flatMap((own) =>
    own.slice(1).map((index, k) => {
      const before = mean(own.slice(0, k + 1).map((other) => values[other]!))
      return (values[index]! - before) * Math.sqrt((k + 1) / (k + 2))
    }),
  )
}

const isInSessions = ({ plan }: InSessions): boolean => plan.blocksPerSession !== null

/** Returns the indexes of the blocks of each session, in the order of the sessions. */
function groupsOf(study: InSessions, blocks: readonly number[]): number[][] {
  const sessions = sessionOfBlocks(study)
  const groups = new Map<number, number[]>()
  for (const [index, block] of blocks.entries()) {
    const session = sessions.get(block)!
    const own = groups.get(session)
    if (own) own.push(index)
    else groups.set(session, [index])
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, own]) => own)
}
