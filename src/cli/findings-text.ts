import type { StudyFinding } from '../entries/analysis.js'

/** Findings as lines; says so when there are none. */
export function findingsText(findings: readonly StudyFinding[]): string {
  return findings.map(({ code, message }) => `! ${code}: ${message}`).join('\n') || 'No finding'
}
