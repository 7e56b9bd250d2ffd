import type { Command } from 'commander'
import { defaultPower } from '../analysis/defaults.js'
import {
  type BestSet,
  bestWorkers,
  designStudy,
  deviations,
  fitScaling,
  judgeClaims,
  type Recommendation,
  readClaims,
  recommend,
  type Selection,
  sentencesOf,
} from '../entries/analysis.js'
import { readStudy } from '../entries/executor.js'
import { defaultLevel, defaultMargin } from '../study/preregistration.js'
import { levelsOf } from '../study/treatment.js'
import { print, printJson } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'
import { examples } from './terminal/help.js'

interface ClaimsFlags extends ReadingFlags {
  readonly claims?: string
  readonly primary?: string
  readonly margin?: number
}

/** `copylab claims`: tests each claim of a file and prints the verdicts. */
export function claimsCommand(): Command {
  return readingCommand('claims', {
    level: { of: 'of the primary claim, and of all the others together', default: null },
  })
    .description('judge the claims of a file, each by the first of the studies that has what its test needs')
    .argument('<studies...>', 'names of studies')
    .option('--claims <file>', "the file of claims; data/claims.json, the working note's, by default")
    .option(
      '--primary <id>',
      'the claim that the number of claims does not touch; by default the one that the studies preregistered, if any',
    )
    .option(
      '--margin <share>',
      `the largest difference that does not matter; by default each study's own, or ${defaultMargin}`,
      Number,
    )
    .addHelpText(
      'after',
      examples(
        [
          'claims reference-workers reference-arrangements reference-capacity reference-contention',
          "the working note's claims",
        ],
        ['claims mine --claims my-claims.json --primary A1', 'those of your own file'],
      ),
    )
    .action((names: readonly string[], { claims, primary, level, margin, folder, json }: ClaimsFlags) => {
      const studies = names.map((name) => readStudy(name, { folder }))
      const verdicts = judgeClaims(readClaims(claims), studies, { primary, level, margin })
      if (json) {
        printJson({ verdicts, plans: studies.map(deviations) })
        return
      }
      print(sentencesOf(...verdicts).join('\n'))
      for (const plan of studies.map(deviations)) {
        const [preregistered, ...found] = sentencesOf(plan)
        print(`\nPlan ${plan.hash} of ${plan.study}: ${preregistered}`)
        for (const deviation of found) print(`- ${deviation}`)
      }
    })
}

interface DesignFlags extends ClaimsFlags {
  readonly claim: string
  readonly power: number
  readonly truth?: number
  readonly sessionSd?: number
  readonly maxBlocks?: number
}

/** `copylab design`: how many blocks, and how many sessions, a study needs to decide a claim. */
export function designCommand(): Command {
  return readingCommand('design', {
    level: { of: 'of the primary claim, and of all the others together', default: null },
  })
    .description('how many blocks a study needs to decide a claim, before it begins, by the spread of a study on disk')
    .argument('<study>', 'name of the study on disk, the pilot')
    .requiredOption('--claim <id>', 'the claim to decide, one that compares two treatments')
    .option('--power <share>', 'the share of studies that are to decide it', Number, defaultPower)
    .option(
      '--truth <effect>',
      "the true effect as the claim states its own, such as 0.05 for 5 % faster; by default the pilot's estimate",
      Number,
    )
    .option('--claims <file>', "the file of claims; data/claims.json, the working note's, by default")
    .option(
      '--primary <id>',
      'the claim that the number of claims does not touch; by default the one that the pilot preregistered, if any',
    )
    .option(
      '--margin <share>',
      `the largest difference that does not matter; by default the pilot's own, or ${defaultMargin}`,
      Number,
    )
    .option('--session-sd <sd>', 'the SD of the log ratio between sessions; by default that of a pilot of 6', Number)
    .option('--max-blocks <n>', 'the number of blocks at which the search ends', Number)
    .addHelpText(
      'after',
      examples(
        ['design reference-workers --claim C1', "where the truth is the pilot's estimate"],
        ['design reference-workers --claim C1 --power 0.8 --truth 0.1', 'where it is 10 % faster'],
        [
          'design mine --claims my-claims.json --claim A1 --primary A1 --json',
          'a claim of your own, as the primary one',
        ],
      ),
    )
    .action((name: string, { folder, json, claim, claims, ...options }: DesignFlags) => {
      const { power, truth, primary, level, margin, sessionSd, maxBlocks } = options
      const design = designStudy(readStudy(name, { folder }), claim, {
        claims: readClaims(claims),
        ...{ power, truth, primary, level, margin, sessionSd, maxBlocks },
      })
      if (json) printJson(design)
      else print(sentencesOf(design).join('\n'))
    })
}

interface BestFlags extends ReadingFlags {
  readonly claims?: string
}

/**
 * `copylab best`: recommends a setting, over all factors that were varied together; then a worker
 * count for each level of the others.
 */
export function bestCommand(): Command {
  return readingCommand('best', {
    by: 'by default each batch size, with other factors as they are recommended',
    metric: true,
    level: {
      of: `of the sets; by default that at which a claim of the file takes the set, or else ${defaultLevel}`,
      default: null,
    },
  })
    .description(
      'the setting to use and what it costs to be wrong; the worker counts that are not shown to be worse than the best, and the peak of throughput',
    )
    .argument('<study>', 'name of the study')
    .option('--claims <file>', "the file of claims; data/claims.json, the working note's, by default")
    .addHelpText(
      'after',
      examples(
        ['best reference-workers', 'what to use, over all that was varied together'],
        [
          'best reference-capacity --by secondaryIndexes,persistence,synchronousCommit',
          'for each arrangement of the table',
        ],
      ),
    )
    .action((name: string, { by, metric, level, folder, json, claims }: BestFlags) => {
      const study = readStudy(name, { folder })
      const recommendation = recommend(study, { metric, level })
      const groups = by ? { by } : { where: otherFactors(recommendation) }
      const hasSets = by !== undefined || levelsOf(recommendation.candidates, 'workers').length > 1
      const choose = (): BestSet[] =>
        bestWorkers(study, { ...groups, metric, ...(level === undefined ? { claims: readClaims(claims) } : { level }) })
      const sets = hasSets ? choose() : []
      const scalings = hasSets ? fitScaling(study, { ...groups, level }) : []
      if (json) printJson({ recommendation, sets, scalings })
      else print(sentencesOf(recommendation, ...sets, ...scalings).join('\n'))
    })
}

/** The recommended levels of the factors that vary in addition to workers and batch size. */
function otherFactors({ candidates, varying, treatment, fixed }: Recommendation): Selection {
  const others = varying.filter((factor) => factor !== 'workers' && factor !== 'batchSize')
  const own = treatment ?? candidates[0]!
  return { ...fixed, ...Object.fromEntries(others.map((factor) => [factor, own[factor]])) }
}
