import { type Column, elementOf } from '../../../../study/table/table.js'
import { compileDateFormat } from './date-format.js'
import { booleanWords } from './field-booleans.js'

/** Throws `TypeError` for a format that the values of a column cannot have. */
export function checkFormat(column: Column, format: string): void {
  const { type } = elementOf(column) ?? column
  const refuse = (why: string): never => {
    throw new TypeError(`Expected \`format\` of column \`${column.name}\` (${column.type}) to be ${why}`)
  }
  switch (type) {
    case 'bool':
      if (booleanWords(format) === null) {
        refuse(`the words for true and false, such as 'ja/nein', got ${JSON.stringify(format)}`)
      }
      return
    case 'date':
    case 'timestamp':
    case 'timestamptz': {
      const { hasTime, hasZone } = compiled(format, refuse)
      if (type === 'date' && hasTime) refuse(`without a time, got ${JSON.stringify(format)}: take timestamp`)
      if (type === 'timestamp' && hasZone) refuse(`without a zone, got ${JSON.stringify(format)}: take timestamptz`)
      return
    }
    default:
      refuse('left out: dates, times and booleans have one; numbers have `decimal` and `thousands`')
  }
}

function compiled(format: string, refuse: (why: string) => never): ReturnType<typeof compileDateFormat> {
  try {
    return compileDateFormat(format)
  } catch (error) {
    return refuse(`a template of dates and times such as DD.MM.YYYY HH24:MI:SS; ${(error as Error).message}`)
  }
}
