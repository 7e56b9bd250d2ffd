import { type ClaimVerdict, claimsNamed, judgeClaims, readClaims } from 'copylab/analysis'
import { readStudy, type Selection, type Study } from 'copylab/executor'
import { chapterStudies, presets } from '#copylab/cli/start/presets.js'

/** The studies that came with the project, the main one first, and the question of the main one. */
export interface Reference {
  readonly studies: readonly Study[]
  readonly main: Study
  /** The two treatments of the preregistered contrast. */
  readonly from: Selection
  readonly to: Selection
  /** The batch size that both have. */
  readonly at: Selection
  /** The verdicts on all claims of the working note, by all studies. */
  readonly verdicts: readonly ClaimVerdict[]
  /** What became of the predictions of the studies that take reasons away. */
  readonly predictions: readonly ClaimVerdict[]
  /** The study that asked the question again, with as many blocks as it takes. */
  readonly decided: Study
}

/** Reads the studies that came with the project. */
export function readReference(): Reference {
  const studies = chapterStudies({ ...presets.thesis, name: 'reference' }).map((name) => readStudy(name))
  const main = studies[0]!
  const predictions = claimsNamed('data/reasons-claims.json')
  const { a, b } = main.plan.preregistration!.primary
  const side = ({ workers, batchSize }: Selection): Selection => ({ workers, batchSize })
  return {
    studies,
    main,
    from: side(a),
    to: side(b),
    at: { batchSize: a.batchSize },
    verdicts: judgeClaims(readClaims(), studies),
    // Each is the primary claim of its own study, at its own level.
    predictions: studies.flatMap((study) => judgeClaims(predictions, [study]).filter(({ found }) => found !== null)),
    decided: studies.find(({ plan }) => plan.name === 'reference-primary')!,
  }
}
