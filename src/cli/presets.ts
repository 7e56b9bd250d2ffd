import { defaultMargin } from '../analysis/defaults.js'
import { minBlocks } from '../claims/family.js'
import { readClaims } from '../entries/analysis.js'

/**
 * The parameters of `notebooks/worker-analysis.ipynb`: the keys of its cell tagged `parameters`.
 */
export interface ChapterParameters {
  /** Begins the names of the studies, which `chapterStudies` gives. */
  readonly name: string
  readonly server: string
  readonly records: number
  readonly workers: readonly number[]
  readonly batchSizes: readonly number[]
  /** Blocks of the study that answers the question, at most. */
  readonly blocks: number
  /** At how many looks that study may end, once its primary claim is decided; 0 for none. */
  readonly looks: number
  /** Fresh blocks on which the worker counts that it chooses are measured again; 0 for none. */
  readonly confirmBlocks: number
  /** Blocks of the two studies beside it: arrangements, and capacities; 0 for none. */
  readonly sideBlocks: number
  /** Warm-up blocks of the studies beside the main one, which always has one. */
  readonly sideWarmUpBlocks: number
  /** The largest difference that does not matter, as a share: registered with the main study. */
  readonly margin: number
  /** The main study's positive control: the share by which it slows a treatment down. */
  readonly slowDown: number
  readonly seed: number
  readonly fresh: boolean
  /** Whether to run on a server that others may use. */
  readonly yes: boolean
}

/**
 * What each study of a chapter is about: workers and batch sizes, arrangements, capacities, and the
 * choice measured again.
 */
const chapterParts = ['workers', 'arrangements', 'capacity', 'confirmed'] as const

/** The names of the studies that a chapter with these parameters measures, the main one first. */
export function chapterStudies({
  name,
  confirmBlocks,
  sideBlocks,
}: Pick<ChapterParameters, 'name' | 'confirmBlocks' | 'sideBlocks'>): string[] {
  const blocks = { workers: 1, arrangements: sideBlocks, capacity: sideBlocks, confirmed: confirmBlocks }
  const parts = chapterParts.filter((part) => blocks[part] > 0)
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
    /** As many as the claims need that its treatments can test. */
    get blocks() {
      return minBlocks(readClaims())
    },
    confirmBlocks: 0,
    sideBlocks: 0,
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
    sideWarmUpBlocks: 1,
  },
} satisfies Record<string, ChapterParameters>

export type PresetName = keyof typeof presets
