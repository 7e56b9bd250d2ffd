import { Command } from 'commander'
import { inspectFolder } from '../entries/executor.js'
import { badKindText } from '../executor/input/bad-records.js'
import { analyseIn } from '../executor/input/input-named.js'
import { addCsvOptions, type CsvFlags, csvOptionsOf } from './options/csv-options.js'
import { print, printJson } from './output.js'
import { examples } from './terminal/help.js'
import { statusLine } from './terminal/progress.js'

interface InspectFlags extends CsvFlags {
  readonly json?: boolean
  readonly ddl?: boolean
  readonly code?: boolean
}

/** `copylab inspect`: what a folder of CSV files holds, found out from all of its records. */
export function inspectCommand(signal: AbortSignal): Command {
  const command = new Command('inspect')
    .description(
      'find out what CSV files hold, from all their records: types, spellings, header, encoding; measures nothing',
    )
    .argument('<folder>', 'a folder of CSV files, or one file')
  return addCsvOptions(command)
    .option('--ddl', 'print the statement that creates the table, and nothing else')
    .option('--code', 'print the call of csv() that states what was found, and nothing else')
    .option('--json', 'print what was found as JSON')
    .addHelpText(
      'after',
      examples(
        ['inspect ./orders', 'in words, as a call of csv() and as CREATE TABLE'],
        ['inspect ./orders --decimal , --json', 'with what the files leave open, as JSON'],
      ),
    )
    .action(async (folder: string, flags: InspectFlags) => {
      const line = statusLine()
      const { analyse, ...stated } = csvOptionsOf(flags)
      const options = { ...stated, analyse: analyse === undefined ? undefined : await analyseIn(analyse) }
      const onStep = (step: string): void => line.show(step)
      const { inspection, words, code, ddl } = await inspectFolder(folder, options, { signal, onStep }).finally(() =>
        line.end(),
      )
      const { open, badRecords } = inspection
      if (flags.json) printJson(inspection)
      else if (open.length > 0) for (const question of open) print(`The files leave open: ${question}`)
      else if (flags.ddl) print(ddl)
      else if (flags.code) print(code)
      else print([...words, ...badRecords.map(badKindText), '', code, '', ddl].join('\n'))
      if (open.length > 0 || badRecords.length > 0) process.exitCode = 1
    })
}
