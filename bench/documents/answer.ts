import { claimVerdictRows, comparePrimary, explain, recommend, sentencesOf } from 'copylab/analysis'
import { markdownTable } from '#copylab/analysis/tables/render.js'
import type { Reference } from './reference.js'

/** The claims that the answer names, of those that the working note makes. */
const namedClaims = ['C1', 'C2', 'C7', 'C12b']

/** The prediction about the reason that the contrast of the claim brings with it: smaller COPYs. */
const testedReason = 'R1'

/** The answer that the reference study gives, and where it was measured. */
export function answerText({ main, from, to, verdicts, predictions, decided }: Reference): string[] {
  const named = verdicts.filter(({ id }) => namedClaims.includes(id))
  const { hardware, server, node, input, startedAt } = main.contexts.at(-1)!
  const reason = sentencesOf(explain(main, { from, to }))[1]!
  const tested = predictions.filter(({ id }) => id === testedReason)
  const sentences = [
    ...sentencesOf(recommend(main), ...named),
    `Asked again, with as many blocks as it takes: ${sentencesOf(comparePrimary(decided))[0]}`,
    reason,
    ...sentencesOf(...tested),
  ].map((one) => one.replace(/\.$/, ''))
  const measured = main.trials.filter((trial) => trial.phase === 'measured').length
  return [
    ...sentences.map((sentence) => `- ${sentence}.`),
    '',
    `Measured on ${startedAt.slice(0, 10)} on ${hardware.cores} cores (${hardware.cpu}) with PostgreSQL ${server.version} and Node.js ${node}, client and server on the same machine:`,
    `${measured} trials of ${input.records.toLocaleString('en-US')} records each, in ${main.plan.blocks} blocks. Yours will differ: that is the point.`,
  ]
}

/** A row for each claim of the working note, with what became of it. */
export function claimsText({ verdicts }: Reference): string[] {
  const header = ['', 'claim', 'expected', 'verdict', 'direction', 'size', 'matters', 'blocks']
  return markdownTable(
    header,
    claimVerdictRows(verdicts).map(({ id, claim, expected, word, direction, size, matters, blocks }) => [
      id,
      claim,
      expected,
      `**${word}**`,
      direction ?? '',
      size ?? '',
      matters ?? '',
      String(blocks),
    ]),
  )
}
