/**
 * Text for the end of a command's `--help`: calls that can be typed as they are, each with its
 * effect.
 */
export function examples(...calls: readonly (readonly [call: string, what: string])[]): string {
  const lines = calls.map(([call, what]) => `  npx copylab ${call}\n      ${what}`)
  return `\nExamples:\n${lines.join('\n')}`
}
