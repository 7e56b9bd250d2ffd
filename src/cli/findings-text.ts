import { type StudyFinding, sentencesOf } from '../entries/analysis.js'

/** Findings as lines; says so when there are none. */
export function findingsText(findings: readonly StudyFinding[]): string {
  return (
    findings.flatMap((finding) => sentencesOf(finding).map((text) => `! ${finding.code}: ${text}`)).join('\n') ||
    'No finding'
  )
}
