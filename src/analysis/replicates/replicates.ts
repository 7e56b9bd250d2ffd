import { sessionOfBlocks } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import { mean } from '../statistics/numerics/moments.js'

/** The parts of a study that tell its replicates. */
type Replicated = Pick<Study, 'plan' | 'contexts' | 'trials'>

/** What an interval rests on. */
export interface Basis {
  /** Number of blocks that are used. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions: the mean of each is a
   * replicate. Null in other studies, whose blocks are the replicates.
   */
  readonly sessions: number | null
}

/** Something that was measured in a block. */
interface OfBlock {
  readonly block: number
}

/**
 * Returns a value for each replicate of a study: what an interval of that study is of, and what
 * every minimum counts. In a study in sessions it is the mean of the session's blocks, since these
 * share a server and a client process, and with them whatever a start of both draws by chance:
 * addresses in memory, places on disk, the cores that processes settle on. Only a further session
 * draws it again, so that intervals over blocks would be too narrow for the next start (Kalibera &
 * Jones 2013, Rigorous benchmarking in reasonable time, ISMM, 63–74). Sessions weigh alike, however
 * many of their blocks are used; a session that broke off after some whole blocks is one, and the
 * session that went on is another. In other studies each row is a replicate. A mean of logarithms
 * is that of a geometric mean.
 */
export function replicateMeans<Row extends OfBlock>(
  study: Replicated,
  rows: readonly Row[],
  value: (row: Row) => number,
): number[] {
  return replicates(study, rows).map((own) => (own.length === 1 ? value(own[0]!) : mean(own.map(value))))
}

/** Groups rows by replicate, in the order of their first rows. */
export function replicates<Row extends OfBlock>(study: Replicated, rows: readonly Row[]): readonly (readonly Row[])[] {
  if (study.plan.blocksPerSession === null) return rows.map((row) => [row])
  const sessions = sessionOfBlocks(study)
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const session = sessions.get(row.block)!
    const own = groups.get(session)
    if (own) own.push(row)
    else groups.set(session, [row])
  }
  return [...groups.values()]
}

/** Counts the blocks that some rows are of, one row for each block, and their sessions. */
export function basisOf(study: Replicated, rows: readonly OfBlock[]): Basis {
  const isInSessions = study.plan.blocksPerSession !== null
  return { blocks: rows.length, sessions: isInSessions ? replicates(study, rows).length : null }
}

/** Counts the replicates: the sessions of a study in sessions, the blocks of others. */
export function replicateCount({ blocks, sessions }: Basis): number {
  return sessions ?? blocks
}

/**
 * Returns the one of some bases, one at least, that has the fewest replicates; the first of equal
 * ones.
 */
export function fewestReplicates(bases: readonly Basis[]): Basis {
  const { blocks, sessions } = bases.reduce((a, b) => (replicateCount(b) < replicateCount(a) ? b : a))
  return { blocks, sessions }
}
