import { blockerName } from '../../study/blocks/disturbed.js'
import { controlWords } from '../../study/controls.js'
import type { Interruption } from '../../study/readings.js'
import { factorEntry, isByProgram, levelText, type Treatment, treatmentLabel } from '../../study/treatment.js'
import type { FTest } from '../statistics/least-squares.js'
import { formatNumber } from '../tables/tables.js'
import { type Fragment, joined, listed, type Phrase, phrase, prefixed, type QuotedNumber } from '../text/phrase.js'
import { comparedP, countedThings, quoted, quotedCount, quotedPlace, wholePercent } from '../text/quoted.js'
import { listText, percentPhrase, treatmentPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import { busyHostPhrase } from './disturbed/busy-host-words.js'
import { disturbanceRemedy } from './disturbed/disturbance-remedy.js'
import type {
  BlockEntry,
  BlockedTrials,
  ChangedSession,
  DamagedLines,
  Drift,
  FailedTrials,
  IdleWorkers,
  InterruptedTrials,
  LargeBatches,
  LevelsWithoutEffect,
  MissingTrials,
  PositionEffect,
  RepeatedTrials,
  SaturatedClient,
  ShortTrials,
  StudyFinding,
  TornBlocks,
} from './study-finding.js'

/** States a finding about a study's trials, with its remedy. */
export function findingWords(finding: StudyFinding): Phrase {
  const trials = trialsPhrase(finding.trials)
  switch (finding.code) {
    case 'unequal-blocks':
      return blocksPhrase(finding)
    case 'interrupted-in-trial':
      return interruptedPhrase(finding)
    case 'blocked-in-trial':
      return blockedPhrase(finding)
    case 'level-without-effect':
      return effectPhrase(finding)
    case 'large-batches':
      return largePhrase(finding)
    case 'damaged-line':
      return damagePhrase(finding)
    case 'settings-changed':
      return finding.kind === 'session'
        ? sessionPhrase(finding)
        : phrase`The server read its configuration again while the study ran; ${trials} came after that: leave the settings alone during a study, and measure again (fresh: true)`
    case 'no-checkpoint':
    case 'no-proc':
    case 'no-observer':
    case 'pooler-between':
    case 'server-not-restarted':
    case 'left-out-parts':
    case 'unverified-columns':
      return verbatim('reason', finding.message, 'what the session found')
    case 'short-trials':
      return shortPhrase(finding)
    case 'idle-workers':
      return idlePhrase(finding)
    case 'long-round-trips':
      return phrase`Round trips took up to ${quoted('excessMs', finding.excessMs, finding.excessMs.toFixed(1), 'milliseconds beyond those asked for')} ms more than \`roundTripMs\` asks for in ${trials}: end other work on the machine, or add blocks`
    case 'client-saturated':
      return saturatedPhrase(finding)
    case 'checkpoint-in-trial':
      return phrase`A checkpoint began in ${trials}, ${disturbanceRemedy(finding)}`
    case 'autovacuum-in-trial':
      return phrase`Autovacuum was at work on ${finding.server === 'embedded' ? "the catalogues of copylab's own server" : 'other tables'} in ${trials}: ${disturbanceRemedy(finding)}`
    case 'busy-host':
      return phrase`${busyHostPhrase(finding)}: end them${finding.trials.length < finding.known ? ', or add blocks' : ', or measure on a machine that does nothing else'}`
    case 'steal':
      return phrase`Other virtual machines took up to ${wholePercent('stolen', finding.share, 'greatest share of CPU time taken')} of the host's CPU time in ${trials}: measure where the cores are your own, or add blocks`
    case 'swap':
      return phrase`The server's host swapped memory in ${trials}: ${disturbanceRemedy(finding)}`
    case 'clock-drift':
      return phrase`The server's clock moved by up to ${quoted('driftMs', finding.driftMs, String(Math.round(finding.driftMs)), 'milliseconds between the clocks')} ms against the client's in ${trials}, so that what was seen in the server is misplaced in time: let time synchronisation settle before the study`
    case 'position-effect':
      return positionPhrase(finding)
    case 'drift':
      return phrase`Trials became ${changePhrase(finding.drift)} from the first to the last (p ${driftP(finding.drift)}); comparisons within blocks do not suffer, averages over the study do: end other work on the machine, and raise warmUpBlocks`
    case 'memory-growth':
      return phrase`The client's memory grew by ${percentPhrase('growth', finding.growth, "growth of the client's memory")} over a session (p ${comparedP('p', finding.p, 'p of the growth')}), so that later trials ran in a process unlike that of earlier ones: run the study in shorter sessions, or load fewer records`
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(finding satisfies never)}`)
  }
}

function largePhrase({ sizes, records }: LargeBatches): Phrase {
  const number = (name: string, value: number, meaning: string): QuotedNumber =>
    quoted(name, value, value.toLocaleString('en-US'), meaning)
  const named = sizes.map((size, k) => prefixed(String(k + 1), phrase`${number('batchSize', size, 'batch size')}`))
  return phrase`One batch holds all ${number('records', records, 'records of a trial')} records at batch sizes of ${listed(named)}, so that these are the same load: compare smaller ones, or load more records`
}

function blocksPhrase(finding: MissingTrials | FailedTrials | RepeatedTrials | TornBlocks): Phrase {
  switch (finding.kind) {
    case 'missing':
      return phrase`Not run: ${gapsPhrase(finding)}; comparisons leave such blocks out: run the same study again, which continues it`
    case 'failed':
      return phrase`${countedThings('failed', finding.gaps.length, 'trial', 'trials that failed')} failed: ${gapsPhrase(finding)}; comparisons leave such blocks out: ${finding.stands ? 'this is not run again: remove the cause and add blocks, or measure again (fresh: true)' : 'remove the cause and run the same study again, which repeats what failed'}`
    case 'repeated': {
      const { trials } = finding
      return phrase`${countedThings('repeated', trials.length, 'trial', 'trials that were run again')} failed and ${trials.length === 1 ? 'was' : 'were'} run again, after the rest of the block: check whether the ratios of such blocks differ from those of the others, or add blocks`
    }
    case 'torn': {
      const { blocks } = finding
      const named = listed(blocks.map((block, k) => prefixed(String(k + 1), blockNumber(block))))
      return phrase`${blocks.length === 1 ? 'Block' : 'Blocks'} ${named} ran in several sessions, so that treatments were compared across a restart: check whether the ratios of ${blocks.length === 1 ? 'that block' : 'those blocks'} differ from those of the others, or add blocks`
    }
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(finding satisfies never)}`)
  }
}

const stoodStill: { readonly [of in Interruption['of']]: string } = {
  client: 'the client',
  machine: "the client's machine, which slept or had its clock set,",
  server: 'the server, or the network to it,',
  backend: "a worker's backend",
}

function interruptedPhrase({ interruptions, trials, blocks }: InterruptedTrials): Phrase {
  const kinds = [...new Set(interruptions.map(({ of }) => of))]
  const named = kinds.map((kind) => {
    const longest = Math.max(...interruptions.filter(({ of }) => of === kind).map(({ ms }) => ms))
    return prefixed(kind, phrase`${stoodStill[kind]} for up to ${secondsPhrase(longest)}`)
  })
  return phrase`Something stood still in ${trialsPhrase(trials)}: ${listed(named)}; ${leftOutPhrase(blocks)}: keep the machines awake and the processes running, and add blocks`
}

function blockedPhrase({ blockers, trials, blocks }: BlockedTrials): Phrase {
  const named = shortList(
    blockers.map((blocker) => {
      const who = verbatim('blocker', blockerName(blocker), 'who held a lock')
      return phrase`${who} for ${secondsPhrase(blocker.waitedMs)}`
    }),
  )
  return phrase`Workers waited in ${trialsPhrase(trials)} for a lock of somebody else: ${named}; ${leftOutPhrase(blocks)}: keep other sessions off the tables of a study while it runs, and add blocks`
}

function leftOutPhrase(blocks: readonly number[]): Phrase {
  const named = listed(blocks.map((block, k) => prefixed(String(k + 1), blockNumber(block))))
  return phrase`every analysis leaves out ${blocks.length === 1 ? 'block' : 'blocks'} ${named}`
}

function secondsPhrase(ms: number): Phrase {
  return phrase`${quoted('seconds', ms / 1000, formatNumber(ms / 1000, 1), 'seconds')} s`
}

function gapsPhrase({ gaps, varying }: MissingTrials | FailedTrials): Phrase {
  const entryPhrase = ({ treatment, control }: BlockEntry): Fragment =>
    control ? controlWords[control].treatment : treatmentPhrase(treatment, varying)
  const named = (entries: readonly BlockEntry[]): Phrase =>
    listed(
      entries.map((entry, k) =>
        entries.length > 1 ? prefixed(String(k + 1), entryPhrase(entry)) : entryPhrase(entry),
      ),
    )
  return shortList(gaps.map(({ block, entries }) => phrase`${named(entries)} in block ${blockNumber(block)}`))
}

function blockNumber(block: number): QuotedNumber {
  return quotedPlace('block', block, 'number of a block')
}

function shortList(items: readonly Fragment[]): Phrase {
  const maxItems = 4
  const named = items.map((item, k) => prefixed(String(k + 1), item))
  if (items.length <= maxItems) return listed(named)
  const more = quotedCount('more', items.length - maxItems, 'others that are not listed')
  return phrase`${joined(named.slice(0, maxItems), ', ')} and ${more} more`
}

function damagePhrase({ journal, lines }: DamagedLines): Phrase {
  const named = lines.map(
    ({ line, reason }) =>
      phrase`line ${quotedPlace('line', line, 'place of a damaged line')} (${verbatim('reason', reason, 'damage')})`,
  )
  const what =
    lines.length === 1
      ? 'A line of the journal is'
      : phrase`${countedThings('lines', lines.length, 'line', 'damaged lines')} of the journal are`
  return phrase`${what} damaged and not counted: ${verbatim('journal', journal, 'journal')}, ${shortList(named)}. Run the same study again, which measures what is lost unless it ended early, or restore the file`
}

function effectPhrase({ leftOut }: LevelsWithoutEffect): Phrase {
  const sames = leftOut.map(({ treatment, sameAs, factors }) => {
    const levels = (of: Treatment): string => listText(factors.map((factor) => levelText(factor, of[factor])))
    const whys = isByProgram(treatment)
      ? ['a program does not take it']
      : treatment.target === 'nothing'
        ? []
        : factors.flatMap((own) => factorEntry(own).whyWithoutEffect ?? [])
    const why = whys.length === 0 ? '' : ` (${listText(whys)})`
    return `${levels(treatment)} is the same as ${levels(sameAs)} at ${treatmentLabel(sameAs, [sameAs])}${why}`
  })
  const named = [...new Set(sames)].map((same, k) => verbatim(String(k + 1), same, 'levels without effect'))
  return phrase`Some levels have no effect and were not run a second time: ${listed(named)}. Compare the treatments that were run, or take levels that differ in what they do`
}

function sessionPhrase({ session, changes }: ChangedSession): Phrase {
  const texts = changes.map(({ what, a, b }, k) =>
    verbatim(`change.${k + 1}`, `${what} ${b ?? 'absent'} instead of ${a ?? 'absent'}`, 'changed'),
  )
  return phrase`Session ${quotedPlace('session', session, 'number of a session')} of the study ran under other conditions than the first: ${listed(texts)}: set them back and measure again (fresh: true)`
}

/** Largest number of treatments that are named; more are counted. */
const maxNamed = 3

function shortPhrase({ short, treatments, varying, shortestMs, enoughRecords, allRecords }: ShortTrials): Phrase {
  const named =
    short.length > maxNamed
      ? phrase`of ${quotedPlace('short', short.length, 'treatments with short trials')} of ${countedThings('treatments', treatments, 'treatment')}`
      : phrase`with ${listed(short.map((treatment, k) => prefixed(String(k + 1), treatmentPhrase(treatment, varying))))}`
  const took = quoted(
    'shortestMs',
    shortestMs,
    formatNumber(shortestMs, 0),
    'milliseconds, median of the shortest trials',
  )
  const needed = quotedCount('enoughRecords', enoughRecords, 'records that make trials long enough')
  return phrase`Trials ${named} took ${took} ms or little more, and what disturbs a trial for a moment weighs heavily in them: ${
    allRecords === null
      ? phrase`load at least ${needed} records`
      : phrase`add files to the input, which holds ${quotedCount('allRecords', allRecords, 'records of the input')} records in all, up to ${needed}, or add blocks`
  }`
}

function idlePhrase({ idle, varying }: IdleWorkers): Phrase {
  const named = idle.map(({ treatment, loaded }, k) => {
    const least = quotedCount('loaded', loaded, 'workers that had a part, at least')
    const all = quotedCount('workers', treatment.workers, 'workers')
    return prefixed(String(k + 1), phrase`${treatmentPhrase(treatment, varying)} (${least} of ${all} loaded)`)
  })
  const onThreads = idle.some(({ treatment }) => treatment.client === 'threads')
  return phrase`Some workers had nothing to load with ${listed(named)}: ${onThreads ? 'cut the input into more files, since each is read by one thread, or ' : ''}take smaller batches or fewer workers`
}

function saturatedPhrase({ busy, varying }: SaturatedClient): Phrase {
  const named = busy.map(({ treatment, share }, k) =>
    prefixed(
      String(k + 1),
      phrase`${treatmentPhrase(treatment, varying)} (${wholePercent('busy', share, 'event loop busy')})`,
    ),
  )
  return phrase`The client's event loop was busy nearly all the time with ${listed(named)}, so that these trials measure the client more than the server: try ${remedy(busy.map(({ treatment }) => treatment))}`
}

/**
 * Returns the remedies that take work off the event loop and that some of the treatments do not use
 * yet.
 */
function remedy(treatments: readonly Treatment[]): string {
  const steps = [
    ...(treatments.some(({ client }) => client !== 'threads') ? ["client: 'threads'"] : []),
    ...(treatments.some(({ encoding }) => encoding !== 'binary') ? ["encoding: 'binary'"] : []),
    ...(treatments.some(({ source }) => source !== 'prepared') ? ["source: 'prepared'"] : []),
  ]
  return steps.length > 0 ? steps.join(', or ') : 'more workers, or a faster machine for the client'
}

function positionPhrase({ test, slowest, fastest, longer, withoutCheckpoints }: PositionEffect): Phrase {
  return phrase`The place within the block matters (${testPhrase(test)}): trials at place ${place('slowest', slowest)} took ${percentPhrase('longer', longer, 'how much longer trials take there')} longer than at place ${place('fastest', fastest)}, so that a trial is not over when the next begins: ${withoutCheckpoints ? "take checkpoints: 'between', or " : ''}add blocks`
}

function place(name: 'slowest' | 'fastest', position: number): QuotedNumber {
  return quotedPlace(name, position, `${name} place within a block`)
}

function testPhrase({ df1, df2, f, p }: FTest): Phrase {
  const degrees = phrase`${quotedCount('df1', df1, 'degrees of freedom')}, ${quotedPlace('df2', df2, 'degrees of freedom of the rest')}`
  const value = quoted('f', f, formatNumber(f, 1), 'F of the place within the block')
  return phrase`F(${degrees}) = ${value}, p ${comparedP('p', p, 'p of the place within the block')}`
}

/** Writes a change: "3.1 % slower". */
function changePhrase({ change }: Pick<Drift, 'change'>): Phrase {
  const way = change > 0 ? 'slower' : 'faster'
  return phrase`${percentPhrase('change', Math.abs(change), `change from the first trial to the last, ${way}`)} ${way}`
}

/** Writes a drift in short: "drift: 3.1 % slower (p < 0.001)". */
export function driftText(line: Pick<Drift, 'change' | 'pTwoSided'>): string {
  return phrase`drift: ${changePhrase(line)} (p ${driftP(line)})`.text
}

function driftP({ pTwoSided }: Pick<Drift, 'pTwoSided'>): Phrase {
  return comparedP('p', pTwoSided, 'p of the drift')
}

/** Writes numbers of trials: "trial 7", "trials 3, 5 and 8", "12 trials (3, 5, 8, …)". */
function trialsPhrase(trials: readonly number[]): Phrase {
  const maxListed = 6
  const named = trials.map((trial, k) => quotedPlace(`trials.${k + 1}`, trial, 'number of a trial'))
  if (trials.length === 1) return phrase`trial ${named[0]!}`
  if (trials.length > maxListed)
    return phrase`${countedThings('trials', trials.length, 'trial')} (${joined(named.slice(0, 3), ', ')}, …)`
  return phrase`trials ${listed(named)}`
}
