/**
 * Every factor, one entry each, in the order in which treatments list them. From an entry follow
 * the type of `Treatment`, the check of its levels, its default, its words, its option on the
 * command line, its columns, its row of the documentation and its place in a plan's hash. Outside
 * its entry there is only the code where the factor acts.
 */

import { clientWorkOf, clientWorkWords } from './client-work.js'
import { coresOf, coresWords, sharedCores } from './cores.js'
import { choice, count, type EffectContext, limit, named, onOff, spelled } from './factor.js'
import { checkedLayout, parseLayout } from './layouts.js'
import { checkedLoader } from './loaders.js'
import { parseLoader } from './parse-loader.js'
import { checkedSettings, parseSettings } from './settings.js'

/** Whether a treatment is the null trial, which has no table and no connection. */
const intoNothing = ({ target }: EffectContext): boolean => target === 'nothing'

/**
 * Whether a worker's table has rows of others: of other workers, or those that were there before.
 */
const sharesTable = ({ tables, workers, existingRows }: EffectContext): boolean =>
  tables === 'one' && (workers > 1 || existingRows > 0)

/** Returns the maximum number of records that one worker gets at once. */
export function partSize({
  workers,
  batchSize,
  dispatch,
}: Pick<EffectContext, 'workers' | 'batchSize' | 'dispatch'>): number {
  return dispatch === 'split' ? Math.ceil(batchSize / workers) : batchSize
}

/** Whether a program loads, and copylab's own loader does not. */
const byProgram = ({ loader }: EffectContext): boolean => loader !== 'copylab'

/** Whether each part is one COPY. */
const inWholeParts = (treatment: EffectContext): boolean =>
  treatment.recordsPerCopy === null || treatment.recordsPerCopy >= partSize(treatment)

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
    withoutEffect: byProgram,
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
    withoutEffect: byProgram,
  }),
  /** The format of COPY. */
  encoding: choice({
    levels: ['text', 'binary'],
    default: 'text',
    label: 'encoding',
    summary: 'the format of COPY',
    since: 2,
    withoutEffect: byProgram,
  }),
  /**
   * What the clock includes. `pipeline`: files are read, analysed, encoded and inserted inside it.
   * `prepared`: payloads are made before it starts.
   */
  source: choice({
    levels: ['pipeline', 'prepared'],
    default: 'pipeline',
    label: 'source',
    summary: '`pipeline`: read, analyse, encode and insert inside the clock; `prepared`: nothing but COPY',
    since: 2,
    withoutEffect: byProgram,
  }),
  /**
   * Destination of the payloads. `nothing`: the null trial, the pipeline without a server, which
   * measures the client's ceiling.
   */
  target: choice({
    levels: ['table', 'nothing'],
    default: 'table',
    label: 'target',
    words: { table: 'into a table', nothing: 'into nothing' },
    summary: "`table`; `nothing`: the null trial, the client's ceiling",
    since: 2,
    withoutEffect: byProgram,
  }),
  /**
   * Number of indexes in addition to the primary key, on the table's first columns that are not
   * part of it.
   */
  secondaryIndexes: count({
    from: 0,
    default: 0,
    label: 'secondary indexes',
    things: ['secondary index', 'secondary indexes'],
    summary: "indexes in addition to the primary key, on the table's first columns that are not part of it",
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
    withoutEffect: (treatment) => intoNothing(treatment) || byProgram(treatment),
  }),
  /**
   * Whether a CHECKPOINT is issued before each trial. `between`: each trial starts with no dirty
   * pages left to write. `none`: its time includes the writing of pages that earlier trials left,
   * as in production, and a checkpoint that the server begins by itself may fall into it. `steady`:
   * each trial is so long that the server begins two checkpoints in it or more, which belong to it.
   */
  checkpoints: choice({
    levels: ['between', 'none', 'steady'],
    default: 'between',
    label: 'checkpoints',
    words: {
      between: 'a checkpoint before each trial',
      none: 'no checkpoint between trials',
      steady: 'checkpoints in each trial',
    },
    summary:
      '`between`: a CHECKPOINT of the whole server is issued before each trial, so that none has to write pages that the trial before it left; `none`: no CHECKPOINT is issued, and trials disturb each other more; `steady`: none is issued, and each trial must be so long that the server begins two or more in it by itself, which then belong to what is measured',
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
    withoutEffect: (treatment) => byProgram(treatment) || inWholeParts(treatment),
  }),
  /**
   * COPYs that a worker sends on its connection before the running one is answered, each a
   * transaction of its own as ever. 0: the next COPY is sent when the one before it is committed.
   */
  copiesAhead: count({
    from: 0,
    default: 0,
    label: 'copies ahead',
    things: ['COPY ahead', 'COPYs ahead'],
    summary:
      'COPYs that a worker sends before the running one is answered, so that the server goes on with the next one at once; 0: each is sent when the one before it is committed',
    since: 3,
    withoutEffect: (treatment) =>
      intoNothing(treatment) || byProgram(treatment) || (treatment.dispatch === 'split' && inWholeParts(treatment)),
    whyWithoutEffect: 'a part that is one COPY leaves none to send ahead, since all parts of a batch are awaited',
  }),
  /** Named set of settings, made on the workers' own connections or at the start of the server. */
  settings: named({
    default: 'default',
    label: 'settings',
    usage: 'default, or name=setting=value, more settings after +; repeat the option for each set',
    example: "{ backend_flush_after: '256kB' }",
    parse: parseSettings,
    check: checkedSettings,
    summary:
      "named sets of settings, of the workers' own connections or, with the embedded server, of the whole server",
    since: 3,
    withoutEffect: (treatment) => intoNothing(treatment) || byProgram(treatment),
  }),
  /** Named layout of the table: what it leaves out, its triggers, its partitions, its nodes. */
  layout: named({
    default: 'default',
    label: 'layout',
    usage:
      'default, or name=part, more parts that are left out after +, triggers that fire as trigger:name, hash partitions as partitions:number or partitions:number:column, and the column that a Citus cluster distributes it by as distribute:column; repeat the option for each layout',
    example: "{ without: ['orders_tags_idx'] }",
    parse: parseLayout,
    check: checkedLayout,
    summary:
      'named layouts of the table: which indexes, keys and checks of the one that `like` or `ddl` makes it leaves out, which triggers fire, how many partitions it has, and by which column it is distributed over a Citus cluster',
    since: 3,
    withoutEffect: intoNothing,
  }),
  /**
   * When indexes and keys are made. `before`: the load keeps them up to date. `after`: they are
   * made after the load, inside the clock.
   */
  indexBuild: choice({
    levels: ['before', 'after'],
    default: 'before',
    label: 'index build',
    words: { before: 'indexes before the load', after: 'indexes after the load' },
    summary:
      '`before`: the table has its indexes and keys while it is loaded; `after`: they are made once all records are in, inside the clock',
    since: 3,
    withoutEffect: intoNothing,
  }),
  /** Rows that the table holds before the load. */
  existingRows: count({
    from: 0,
    default: 0,
    label: 'existing rows',
    things: ['existing row', 'existing rows'],
    summary:
      'rows that the table holds before each load, put back equally outside the clock: those of the table that it is made `like`, then copies of the records with other keys',
    since: 3,
    withoutEffect: (treatment) => intoNothing(treatment) || treatment.tables === 'per-worker',
    whyWithoutEffect: "a worker's table of its own begins empty",
  }),
  /** Whether all workers fill one table, or each a table of its own, which inherits from it. */
  tables: choice({
    levels: ['one', 'per-worker'],
    default: 'one',
    label: 'tables',
    words: { one: 'one table', 'per-worker': 'a table per worker' },
    summary:
      '`one`: all workers fill one table; `per-worker`: each fills a table of its own that is made as the one and inherits from it, so that keys are unique within each alone',
    since: 3,
    withoutEffect: (treatment) => intoNothing(treatment) || byProgram(treatment),
  }),
  /**
   * Whether each worker's whole load is one transaction that truncates its table and writes rows
   * that are frozen: COPY … WITH (FREEZE).
   */
  freeze: onOff({
    default: false,
    label: 'freeze',
    summary:
      "COPY … WITH (FREEZE): each worker's whole load is one transaction, which begins by truncating the worker's table",
    since: 3,
    withoutEffect: (treatment) => intoNothing(treatment) || byProgram(treatment) || sharesTable(treatment),
    whyWithoutEffect: 'COPY with FREEZE needs an empty table that one worker fills alone',
  }),
  /**
   * Milliseconds that each round trip between workers and server takes longer, by a relay between
   * them.
   */
  roundTripMs: count({
    from: 0,
    default: 0,
    label: 'round trip',
    things: ['ms of round trip', 'ms of round trip'],
    summary:
      "milliseconds that each round trip between workers and server takes longer, by a relay of copylab's own on this machine, with any server; 0: no relay",
    since: 3,
    withoutEffect: intoNothing,
  }),
  /** Work that the client has with each record in addition to its analysis. */
  clientWork: spelled({
    default: '0',
    label: 'client work',
    usage: '0, spin:20 for 20 µs of CPU with each record, or sleep:20 for 20 µs of waiting',
    parse: clientWorkOf,
    words: clientWorkWords,
    summary:
      "work that copylab's client has with each record in addition to its analysis, in microseconds: `spin:20` keeps a core busy, `sleep:20` waits, as for another service; `0`: none",
    since: 3,
    withoutEffect: (treatment) => byProgram(treatment) || treatment.source === 'prepared',
    whyWithoutEffect: 'records that are prepared are analysed before the clock starts',
  }),
  /** The cores that the server's processes and the client's threads may use. */
  cores: spelled({
    default: sharedCores,
    label: 'cores',
    usage: "shared, or the server's cores and the client's, such as 0/1 or 0-3/4+6",
    parse: coresOf,
    words: coresWords,
    summary:
      "the cores that all of the server's processes and all of the client's threads may use, on Linux and with the embedded server; `shared`: as the system assigns them",
    since: 3,
    withoutEffect: intoNothing,
  }),
  /** What loads: copylab itself, or a program with the name of the level. */
  loader: named({
    default: 'copylab',
    label: 'loader',
    usage:
      'copylab, or name=command and its arguments, in which {workers}, {batchSize}, {table} and {files} are filled in; repeat the option for each loader',
    isInFile: true,
    example: "{ command: './load.sh', args: ['{workers}', '{table}', '{files}'] }",
    parse: parseLoader,
    check: checkedLoader,
    summary:
      'what loads: `copylab` itself, or a program, which gets the records as files and the table by name; the other factors that it does not take are not crossed with it',
    since: 3,
  }),
}
