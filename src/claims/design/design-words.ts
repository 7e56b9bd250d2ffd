import { minSessions } from '../../analysis/design/session-spread.js'
import type { VerdictShares } from '../../analysis/design/simulated-verdicts.js'
import { claimPhrase } from '../../analysis/text/claim-words.js'
import { type Fragment, joined, listed, type Phrase, phrase, prefixed } from '../../analysis/text/phrase.js'
import { countedThings, quoted, quotedShare } from '../../analysis/text/quoted.js'
import { contrastPhrase, metricPhrase, percentPhrase } from '../../analysis/text/sentence.js'
import { minJudgedBlocks, type Verdict } from '../../analysis/verdict/verdict.js'
import { metrics } from '../../study/metric.js'
import type { SessionsDesign, StudyDesign } from './study-design.js'

/** A design before its words are made. */
type Designed = Omit<StudyDesign, 'reason' | 'assumed'>

/**
 * States a design: how many blocks decide the claim, how many sessions, and what both rest on; or
 * why no number is known.
 */
export function designWords(design: StudyDesign): readonly Phrase[] {
  const { id, metric, claim } = design
  const contrast = contrastPhrase(design)
  const compared = metric === 'totalMs' ? contrast : phrase`${contrast}, ${metricPhrase(metric)}`
  const subject = phrase`${id}, ${compared} (${claimPhrase(claim, metrics[metric])})`
  const assumed = phrase`Assumed: ${joined(assumedWords(design), '; ')}`
  const obstacle = obstacleWords(design)
  if (obstacle) return [phrase`${subject}: no number of blocks is known: ${obstacle}`, assumed]
  return [phrase`${subject}: ${blocksWords(design)}`, sessionsWords(design), assumed]
}

function blocksWords(design: Designed): Phrase {
  const { blocks, minutes, power, verdicts } = design
  const share = quotedShare('power', power, 'share of studies that are to end with a true verdict')
  return phrase`${countedThings('blocks', blocks!, 'block')}${timeWords(minutes)} decide it in ${share} % of studies, where the truth is ${truthWords(design)} (simulated: ${endsWords(verdicts!)})`
}

function sessionsWords({ sessions, maxBlocks, sessionSd }: Designed): Phrase {
  const differing = phrase`Over sessions, whose log ratios differ by an SD of ${sdPhrase('sessionSd', sessionSd, 'between sessions')}`
  return sessions
    ? phrase`${differing}: ${prefixed('sessions', sizeWords(sessions))} (simulated: ${prefixed('sessions', endsWords(sessions.verdicts))})`
    : phrase`${differing}: no number of sessions decides with up to ${countedThings('maxBlocks', maxBlocks, 'block')} in all`
}

function sizeWords({ sessions, blocks, minutes }: SessionsDesign): Phrase {
  return phrase`${countedThings('sessions', sessions, 'session')} of ${countedThings('blocks', blocks, 'block')}${timeWords(minutes)}`
}

/** Writes a time that follows a number of blocks: " (about 49 minutes)". */
function timeWords(minutes: number | null): Fragment {
  return minutes === null
    ? ''
    : phrase` (about ${countedThings('minutes', Math.max(1, Math.round(minutes)), 'minute')})`
}

/** Share of simulated studies below which a verdict is not named: it would read as 0.0 %. */
const minShown = 0.0005

/** Writes how simulated studies end: "88 % equivalent, 2 % refuted and 10 % undecided". */
function endsWords(verdicts: VerdictShares): Phrase {
  const words = (Object.keys(verdicts) as Verdict[]).filter((word) => verdicts[word] >= minShown)
  return listed(
    words.map((word) => phrase`${percentPhrase(word, verdicts[word], `simulated studies that end ${word}`)} ${word}`),
  )
}

/** States why no number of blocks is known; null where it is. */
export function obstacleWords(design: Designed): Phrase | null {
  switch (design.obstacle) {
    case null:
      return null
    case 'few-blocks':
      return phrase`the pilot has ${countedThings('pilotBlocks', design.pilotBlocks, 'block', 'blocks of the pilot')} with both treatments, and its spread is not known below ${countedThings('minPilotBlocks', minJudgedBlocks, 'block')}`
    case 'edge':
      return phrase`${truthWords(design)} lies on an edge of the claimed band or of the margin, where every interval, however narrow, reaches to both sides`
    case 'too-many':
      return phrase`${truthWords(design)} lies too close to an edge of the claimed band or of the margin to be told from it by ${countedThings('maxBlocks', design.maxBlocks, 'block')}`
    default:
      throw new TypeError(`Unknown obstacle ${String(design.obstacle satisfies never)}`)
  }
}

/** States what a design rests on, one phrase for each assumption. */
export function assumedWords(design: Designed): Phrase[] {
  const { truthFrom, level, margin, warmUpBlocks, blockSeconds } = design
  const confidence = quotedShare('level', level, 'confidence level of the verdict')
  const matters = quotedShare('margin', margin, 'largest difference that does not matter')
  const warmUp = countedThings('warmUpBlocks', warmUpBlocks, 'warm-up block', 'blocks of warm-up in a session')
  return [
    ...(design.truth === null
      ? []
      : [
          truthFrom === 'pilot'
            ? phrase`the truth is the pilot's estimate, ${truthWords(design)}`
            : phrase`the truth is ${truthWords(design)}, as stated`,
        ]),
    phrase`one verdict after the last block, from an interval at ${confidence} %, with a margin of ${matters} %`,
    ...spreadWords(design),
    ...(blockSeconds === null
      ? []
      : [
          phrase`a block holds these two treatments alone and takes ${quoted('blockSeconds', blockSeconds, blockSeconds.toPrecision(3), 'time of a block, in seconds')} s, as in the pilot; each session begins with ${warmUp}`,
        ]),
  ]
}

function spreadWords({ sd, sessionSd, sessionSdFrom, pilotBlocks, pilotSessions }: Designed): Phrase[] {
  if (sd === null) return []
  const sessions = countedThings('pilotSessions', pilotSessions, 'session', 'sessions of the pilot')
  const fewest = quoted('minSessions', minSessions, String(minSessions), 'sessions that tell the spread between them')
  const origins = {
    pilot: phrase`as in the pilot over its ${sessions}`,
    stated: 'as stated',
    default: phrase`a guess, since the pilot has ${sessions}, and ${fewest} are needed to tell`,
  }
  const error = 1 / Math.sqrt(2 * (pilotBlocks - 1))
  return [
    phrase`log ratios of blocks vary as in the pilot, by an SD of ${sdPhrase('sd', sd, 'within a session')}, which its ${countedThings('pilotBlocks', pilotBlocks, 'block', 'blocks of the pilot')} tell to about ±${percentPhrase('sdError', error, 'relative standard error of the standard deviation')}`,
    phrase`sessions differ by an SD of ${sdPhrase('sessionSd', sessionSd, 'between sessions')}, ${origins[sessionSdFrom]}`,
    phrase`a study in sessions is judged by the mean of each session, not by its blocks`,
  ]
}

function sdPhrase(name: string, sd: number, of: string): Fragment {
  return quoted(name, sd, String(Number(sd.toPrecision(2))), `standard deviation of the log ratio ${of}`)
}

/** Writes what is taken for true: "3.7 % less time", "no difference". */
function truthWords({ truth, truthFrom, metric }: Designed): Fragment {
  const ratio = truth!
  if (ratio === 1) return 'no difference'
  const difference = Math.abs(ratio - 1)
  const meaning = 'difference that is taken for true'
  const share =
    truthFrom === 'stated'
      ? phrase`${quotedShare('truth', difference, meaning)} %`
      : percentPhrase('truth', difference, meaning)
  return phrase`${share} ${ratio < 1 ? metrics[metric].less : metrics[metric].more}`
}
