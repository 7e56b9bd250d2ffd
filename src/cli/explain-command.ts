import { Command } from 'commander'
import { type Explanation, explain, sentencesOf } from '../entries/analysis.js'
import { readStudy, type Treatment } from '../entries/executor.js'
import { partialTreatment } from './factor-options.js'
import { folderOption } from './options.js'
import { print, printJson } from './print.js'
import { rowsText } from './text-table.js'

interface ExplainFlags {
  readonly from: Partial<Treatment>
  readonly to: Partial<Treatment>
  readonly level: number
  readonly folder: string
  readonly json?: boolean
}

/** `copylab explain`: where the workers' time went. */
export function explainCommand(): Command {
  return new Command('explain')
    .description("where the workers' time went as one treatment became another")
    .argument('<study>', 'name of the study')
    .requiredOption('--from <levels>', 'the first treatment, such as workers=2', partialTreatment)
    .requiredOption('--to <levels>', 'the second, such as workers=8', partialTreatment)
    .option('--level <p>', 'confidence level', Number, 0.95)
    .addOption(folderOption())
    .option('--json', 'print JSON')
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
