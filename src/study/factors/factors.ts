/**
 * Every factor, one entry each, in the order in which treatments list them. From an entry follow
 * the type of `Treatment`, the check of its levels, its default, its words, its option on the
 * command line, its columns, its row of the documentation and its place in a plan's hash. Beside
 * the entry stands only the code where the factor acts.
 */

import { choice, count, type EffectContext, limit, named, onOff } from './factor.js'
import { checkedSettings, parseSettings } from './settings.js'

/** The null trial has no table and no connection. */
const intoNothing = ({ target }: EffectContext): boolean => target === 'nothing'

/** The most records that one worker gets at once. */
export function partSize({ workers, batchSize, dispatch }: Omit<EffectContext, 'target' | 'recordsPerCopy'>): number {
  return dispatch === 'split' ? Math.ceil(batchSize / workers) : batchSize
}

export const factors = {
  /** Workers, each with one connection of its own. */
  workers: count({
    from: 1,
    default: 2,
    label: 'workers',
    things: ['worker', 'workers'],
    summary: 'workers, each with one connection of its own',
    since: 2,
  }),
  /** Records handed out together. */
  batchSize: count({
    from: 1,
    default: 10_000,
    label: 'batch size',
    things: null,
    summary: 'records handed out together',
    since: 2,
  }),
  /**
   * How a batch reaches the workers. `split`: cut into one part per worker, all awaited (a
   * barrier). `queue`: each worker takes the next whole batch.
   */
  dispatch: choice({
    levels: ['split', 'queue'],
    default: 'split',
    label: 'dispatch',
    summary:
      '`split`: a batch is cut into one part per worker and all are awaited; `queue`: each worker takes the next batch',
    since: 2,
  }),
  /**
   * Where the workers run. `event-loop`: all of them on one JavaScript thread. `threads`: each on a
   * thread of its own, which reads, analyses and encodes too.
   */
  client: choice({
    levels: ['event-loop', 'threads'],
    default: 'event-loop',
    label: 'client',
    summary: '`event-loop`: all workers on one JavaScript thread; `threads`: each on its own',
    since: 2,
  }),
  /** The format of COPY. */
  encoding: choice({
    levels: ['text', 'binary'],
    default: 'text',
    label: 'encoding',
    summary: 'the format of COPY',
    since: 2,
  }),
  /**
   * What the clock sees. `pipeline`: files are read, analysed, encoded and inserted inside it.
   * `prepared`: payloads are made before it starts.
   */
  source: choice({
    levels: ['pipeline', 'prepared'],
    default: 'pipeline',
    label: 'source',
    summary: '`pipeline`: read, analyse, encode and insert inside the clock; `prepared`: nothing but COPY',
    since: 2,
  }),
  /**
   * Where the payloads go. `nothing`: the null trial, the same pipeline with no server behind it:
   * the client's ceiling.
   */
  target: choice({
    levels: ['table', 'nothing'],
    default: 'table',
    label: 'target',
    words: { table: 'into a table', nothing: 'into nothing' },
    summary: "`table`; `nothing`: the null trial, the client's ceiling",
    since: 2,
  }),
  /** Indexes beside the primary key, on the table's first columns that are not part of it. */
  secondaryIndexes: count({
    from: 0,
    default: 0,
    label: 'secondary indexes',
    things: ['secondary index', 'secondary indexes'],
    summary: "indexes beside the primary key, on the table's first columns that are not part of it",
    since: 2,
    withoutEffect: intoNothing,
  }),
  /** `unlogged` tables write no WAL and are emptied after a server crash. */
  persistence: choice({
    levels: ['logged', 'unlogged'],
    default: 'logged',
    label: 'persistence',
    summary: '`unlogged` tables write no WAL and are emptied after a server crash',
    since: 2,
    withoutEffect: intoNothing,
  }),
  /** `synchronous_commit` of the workers: whether a commit waits for its WAL to reach the disk. */
  synchronousCommit: onOff({
    default: true,
    label: 'synchronous commit',
    summary: 'whether a commit waits for its WAL to reach the disk',
    since: 2,
    serverSetting: 'synchronous_commit',
    withoutEffect: intoNothing,
  }),
  /**
   * Whether the server is asked for a CHECKPOINT before each trial. `between`: each starts with
   * nothing left to write. `none`: it pays for what its predecessors left, as a load in production
   * does, and a checkpoint that the server begins by itself may fall into it.
   */
  checkpoints: choice({
    levels: ['between', 'none'],
    default: 'between',
    label: 'checkpoints',
    words: { between: 'a checkpoint before each trial', none: 'no checkpoint between trials' },
    summary:
      '`between`: the whole server is asked for a CHECKPOINT before each trial, so that none pays for what its predecessor left to write; `none`: it is asked for none, and trials disturb each other more',
    since: 3,
    withoutEffect: intoNothing,
  }),
  /**
   * Records of one COPY statement: a larger part is sent as several COPYs. Null: the whole part is
   * one COPY.
   */
  recordsPerCopy: limit({
    from: 1,
    default: null,
    label: 'records per COPY',
    things: ['record per COPY', 'records per COPY'],
    unlimited: 'whole parts',
    summary: 'records of one COPY statement: a larger part is sent as several COPYs; `null`: the whole part is one',
    since: 3,
    withoutEffect: (treatment) => treatment.recordsPerCopy === null || treatment.recordsPerCopy >= partSize(treatment),
  }),
  /** A named set of settings of the server, which the workers' own connections take. */
  settings: named({
    default: 'default',
    label: 'settings',
    usage: 'default, or name=setting=value, more settings after +; repeat the option for each set',
    example: "{ backend_flush_after: '256kB' }",
    parse: parseSettings,
    check: checkedSettings,
    summary: "named sets of settings of the server that the workers' own connections take",
    since: 3,
    withoutEffect: intoNothing,
  }),
}
