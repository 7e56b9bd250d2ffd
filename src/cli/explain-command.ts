import type { Command } from 'commander'
import { type Explanation, explain, sentencesOf } from '../entries/analysis.js'
import { readStudy, type Treatment } from '../entries/executor.js'
import { partialTreatment } from './factor-options.js'
import { print, printJson, rowsText } from './output.js'
import { type ReadingFlags, readingCommand } from './reading-command.js'

interface ExplainFlags extends ReadingFlags {
  readonly from: Partial<Treatment>
  readonly to: Partial<Treatment>
}

/** `copylab explain`: where the workers' time went. */
export function explainCommand(): Command {
  return readingCommand('explain', { level: { default: 0.95 } })
    .description("where the workers' time went as one treatment became another")
    .argument('<study>', 'name of the study')
    .requiredOption('--from <levels>', 'the first treatment, such as workers=2', partialTreatment)
    .requiredOption('--to <levels>', 'the second, such as workers=8', partialTreatment)
    .action((name: string, flags: ExplainFlags) => {
      const { from, to, level, folder } = flags
      const explanation = explain(readStudy(name, { folder }), { from, to, level })
      if (flags.json) printJson(explanation)
      else print(explanationText(explanation))
    })
}

/** The sentences, and the activities as a table in worker-seconds. */
function explanationText(explanation: Explanation): string {
  const seconds = (ms: number): number => Number((ms / 1000).toFixed(3))
  const rows = explanation.activities.map(({ label, fromMs, toMs, change }) => ({
    activity: label,
    fromS: seconds(fromMs),
    toS: seconds(toMs),
    changeS: seconds(change.value),
    ...(change.interval && { lowerS: seconds(change.interval.lower), upperS: seconds(change.interval.upper) }),
  }))
  const sentences = sentencesOf(explanation).join('\n')
  return rows.length > 0 ? `${sentences}\n\n${rowsText(rows)}` : sentences
}
