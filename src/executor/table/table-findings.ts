import { listed } from '../../names.js'
import type { Finding } from '../../study/finding.js'
import type { Plan } from '../../study/plan.js'
import { layoutOf } from '../../study/table/layout-of.js'
import { sourceName } from './source-name.js'
import { triggerWords } from './trigger-words.js'

/** Findings about a table that is made as another is: what it lacks, and what is not compared. */
export function tableFindings({
  definition,
  table,
  meanings,
  treatments,
}: Pick<Plan, 'definition' | 'table' | 'meanings' | 'treatments'>): readonly Finding[] {
  if (definition === null || table === null) return []
  const name = sourceName(definition.source)
  const { unverified = [] } = table
  const findings: Finding[] = []
  const fired = new Set(treatments.flatMap((own) => layoutOf(definition, meanings, own).triggers))
  const leftOut = [
    ...definition.triggers.filter((trigger) => !fired.has(trigger)).map(triggerWords),
    ...definition.leftOut,
  ]
  if (leftOut.length > 0) {
    findings.push({
      code: 'left-out-parts',
      message: `The study's table is without ${leftOut.join('; ')}: loads into ${name} itself may take longer`,
    })
  }
  if (unverified.length > 0) {
    findings.push({
      code: 'unverified-columns',
      message: `The content of ${listed(unverified.map((own) => `\`${own}\``))} is not compared with the files, since the server may write it in another way: all other columns and the number of records are; compare by hand`,
    })
  }
  const rewriting = [...fired].filter(({ rewrites }) => rewrites)
  if (rewriting.length > 0) {
    findings.push({
      code: 'unverified-columns',
      message: `${listed(rewriting.map((own) => `\`${own.name}\` (${own.fires})`))} may change records before they are stored: where it fires, their number is compared and their content is not; compare by hand`,
    })
  }
  return findings
}
