import { defaultMargin } from '../../analysis/defaults.js'
import { minBlocks } from '../../claims/family.js'
import { readClaims } from '../../entries/analysis.js'
import type { JsonCsvOptions, NamedTable } from '../../entries/executor.js'

/**
 * The parameters of `notebooks/worker-analysis.ipynb`: the keys of its cell tagged `parameters`.
 */
export interface ChapterParameters {
  /** First part of the studies' names, which `chapterStudies` gives. */
  readonly name: string
  readonly server: string
  readonly records: number
  readonly workers: readonly number[]
  readonly batchSizes: readonly number[]
  /** Greatest number of blocks of the study that answers the question. */
  readonly blocks: number
  /**
   * Number of looks at which the main study may end, once its primary claim is decided; 0 for none.
   */
  readonly looks: number
  /** Number of fresh blocks on which the chosen worker counts are measured again; 0 for none. */
  readonly confirmBlocks: number
  /** Blocks of the side studies: arrangements, COPYs sent ahead, capacities; 0 for none. */
  readonly sideBlocks: number
  /**
   * Sessions of the studies that take reasons away, each with a server and a client process
   * started for it; 0 for none.
   */
  readonly reasonSessions: number
  /** Blocks of each of these sessions. */
  readonly reasonBlocks: number
  /** Number of warm-up blocks of the side studies; the main one always has one. */
  readonly sideWarmUpBlocks: number
  /**
   * The largest difference that does not matter, as a share; it is preregistered with the main
   * study.
   */
  readonly margin: number
  /** Share by which the main study's positive control slows a treatment down. */
  readonly slowDown: number
  readonly seed: number
  readonly fresh: boolean
  /** Whether to run on a server that others may use. */
  readonly yes: boolean
  /**
   * What is loaded: `flights`, `synthetic`, or the path of CSV files, seen from the project.
   * @default 'flights'
   */
  readonly input?: string
  /**
   * What is stated of these files.
   * @default nothing: it is found out
   */
  readonly csvOptions?: JsonCsvOptions
  /**
   * What the table to fill is made like, or by.
   * @default a table that fits the records
   */
  readonly table?: NamedTable
  /**
   * The file of claims that the chapter judges, seen from the project, or `none`.
   * @default 'data/claims.json'
   */
  readonly claims?: string
}

/** Subjects of the side studies: arrangements, COPYs that are sent ahead, and capacities. */
const sideParts = ['arrangements', 'capacity', 'ahead'] as const
/** The reasons that are taken away, and the primary contrast, as often as it takes to decide it. */
const reasonParts = ['copies', 'cores', 'client', 'round-trips', 'contention', 'primary'] as const

/** The names of the studies that a chapter with these parameters measures, the main one first. */
export function chapterStudies({
  name,
  confirmBlocks,
  sideBlocks,
  reasonSessions,
}: Pick<ChapterParameters, 'name' | 'confirmBlocks' | 'sideBlocks' | 'reasonSessions'>): string[] {
  const parts = [
    'workers',
    ...(sideBlocks > 0 ? sideParts : []),
    ...(confirmBlocks > 0 ? ['confirmed'] : []),
    ...(reasonSessions > 0 ? reasonParts : []),
  ]
  return parts.map((part) => `${name}-${part}`)
}

const shared = {
  server: 'embedded',
  records: 717_000,
  looks: 0,
  margin: defaultMargin,
  slowDown: 0.1,
  seed: 1,
  fresh: false,
  yes: false,
}

/** Named sets of parameters, from a first answer to a chapter's. */
export const presets = {
  quick: {
    ...shared,
    name: 'quick',
    workers: [1, 2, 4],
    batchSizes: [10_000, 30_000],
    /** Number of blocks that the claims need which its treatments can test. */
    get blocks() {
      return minBlocks(readClaims())
    },
    confirmBlocks: 0,
    sideBlocks: 0,
    reasonSessions: 0,
    reasonBlocks: 4,
    sideWarmUpBlocks: 0,
  },
  standard: {
    ...shared,
    name: 'standard',
    workers: [1, 2, 3, 4],
    batchSizes: [10_000, 20_000, 30_000],
    blocks: 14,
    confirmBlocks: 6,
    sideBlocks: 6,
    reasonSessions: 0,
    reasonBlocks: 4,
    sideWarmUpBlocks: 1,
  },
  thesis: {
    ...shared,
    name: 'thesis',
    workers: [1, 2, 3, 4, 6, 8],
    batchSizes: [10_000, 20_000, 30_000],
    blocks: 30,
    confirmBlocks: 12,
    sideBlocks: 12,
    reasonSessions: 6,
    reasonBlocks: 4,
    sideWarmUpBlocks: 1,
  },
} satisfies Record<string, ChapterParameters>

export type PresetName = keyof typeof presets
