import { listed } from '../../names.js'
import type { Finding } from '../../study/finding.js'
import type { Plan } from '../../study/plan.js'
import { sourceName } from './source-name.js'

/** Findings about a table that is made as another is: what it lacks, and what is not compared. */
export function tableFindings({ definition, table }: Pick<Plan, 'definition' | 'table'>): readonly Finding[] {
  if (definition === null || table === null) return []
  const name = sourceName(definition.source)
  const { unverified = [] } = table
  const findings: Finding[] = []
  if (definition.leftOut.length > 0) {
    findings.push({
      code: 'left-out-parts',
      message: `The study's table is without ${definition.leftOut.join('; ')}: loads into ${name} itself may take longer`,
    })
  }
  if (unverified.length > 0) {
    findings.push({
      code: 'unverified-columns',
      message: `The content of ${listed(unverified.map((own) => `\`${own}\``))} is not compared with the files, since the server may write it in another way: all other columns and the number of records are; compare by hand`,
    })
  }
  return findings
}
