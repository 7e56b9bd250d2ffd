import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readStudies } from 'copylab/executor'
import { projectRoot } from '#copylab/project.js'
import { sealedLine } from '#copylab/study/journal/seal.js'
import type { Journal } from './damage.js'

type Content = { readonly type: string } & Record<string, unknown>

/** The first blocks of the reference studies, and journals of other kinds made of them. */
export function journalKinds(): Journal[] {
  const [confirmed, ...others] = [
    'reference-confirmed',
    'reference-arrangements',
    'reference-capacity',
    'reference-workers',
  ].map((name) => begunStudy(name))
  const { hash, study, contents } = confirmed!
  const seal = (own: readonly Content[]): string[] => own.map((content, k) => sealedLine(k + 1, content, hash))
  const plain = contents.map((content) => JSON.stringify(content))
  const half = Math.floor(contents.length / 2)
  const broken = contents.map((content, k) => (k === half ? failedLine(content) : content))
  const shorter = { ...contents[0]!, plan: { ...(contents[0]!.plan as object), blocks: 1 } }
  const continued = [shorter, ...contents.slice(1, half), ...contents.slice(0, 2), ...contents.slice(half)]
  const kind = (name: string, lines: readonly string[]): Journal => ({ kind: name, study, hash, lines })
  return [
    kind('of one session', seal(contents)),
    kind('of two sessions, to which blocks were added', seal(continued)),
    kind('with a failed trial', seal(broken)),
    kind('without digests', plain),
    kind('continued from one without digests', [...plain.slice(0, half), ...seal(contents).slice(half)]),
    ...others.map((one) => ({
      kind: one.study,
      study: one.study,
      hash: one.hash,
      lines: one.contents.map((content, k) => sealedLine(k + 1, content, one.hash)),
    })),
  ]
}

/** The warm-up and two blocks of a reference study. */
function begunStudy(name: string): {
  readonly study: string
  readonly hash: string
  readonly contents: readonly Content[]
} {
  const { plan, journal: path } = readStudies().find((study) => study.plan.name === name)!
  const contents = readFileSync(join(projectRoot, path), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((text) => {
      const { line: _, digest: __, ...content } = JSON.parse(text) as Content
      return content as Content
    })
    .filter(({ trial }) => trial === undefined || (trial as { readonly block: number }).block <= 2)
  return { study: name, hash: plan.hash, contents }
}

function failedLine(content: Content): Content {
  const { trial, block, position, phase, control, treatment, startedAt } = content.trial as Record<string, unknown>
  const error = { name: 'CopyError', message: 'no space', sqlState: '53100', worker: 0, batch: 1, firstRecord: 1 }
  return {
    type: 'trial',
    trial: { trial, block, position, phase, control, treatment, state: 'failed', startedAt, error },
  }
}
