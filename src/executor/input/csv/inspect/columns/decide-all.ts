import type { Column } from '../../../../../study/table/table.js'
import type { StatedCsv } from '../../csv-options.js'
import type { InspectedColumn } from '../inspection.js'
import { type DecidedColumn, decideColumn, decideFormat, kindsOf } from './decide-columns.js'
import { type DecidedNumbers, decideNumbers, type NumberColumn } from './decide-numbers.js'
import type { ColumnEvidence, NullWord } from './evidence/column-evidence.js'
import type { NumberCandidate } from './evidence/number-candidate.js'
import type { NumberReading } from './evidence/number-readings.js'

/** Words that stand for null in whatever column. */
const certainWords = /^(\\N|[<([]?null[>)\]]?|<NA>|#N\/A)$/i

/** All columns of a folder's files, decided on together. */
export interface DecidedColumns {
  readonly columns: readonly InspectedColumn[]
  readonly numbers: DecidedNumbers
  /** Spelling of numbers: a plain one where it cannot be told. */
  readonly reading: NumberReading
  /** Spellings of null in columns of other types than text. */
  readonly nulls: readonly string[]
  /** Words in columns of text that are null elsewhere, or may be meant so. */
  readonly keptWords: readonly KeptWord[]
  readonly open: readonly string[]
}

/** A word that may be meant for null, and stays text. */
export interface KeptWord extends NullWord {
  readonly column: string
}

/** Decides on type and spelling of each column, by its evidence. */
export function decideAll(
  names: readonly string[],
  evidence: readonly ColumnEvidence[],
  stated: StatedCsv,
): DecidedColumns {
  const columns = stated.analyse === null ? stated.columns : null
  const numeric = names.flatMap((name, k): NumberColumn[] => {
    const numbers = evidence[k]!.certain('number') as NumberCandidate | undefined
    const wanted = columns === null || kindsOf(columns[k]!.type)[0] === 'number'
    return numbers && wanted && evidence[k]!.values > 0 ? [{ name, evidence: numbers }] : []
  })
  const numbers = decideNumbers(numeric, stated)
  const reading: NumberReading = numbers.state === 'decided' ? numbers.reading : { decimal: '.', thousands: null }
  const decided = names.map((name, k) => decideOne(name, evidence[k]!, columns?.[k] ?? null, stated, reading))
  const inspected = names.map((name, k): InspectedColumn => {
    const { type, format, contradictions, why } = decided[k]!
    const own = evidence[k]!
    const words = [...own.words.values()].reduce((sum, { count }) => sum + count, 0)
    const nulls = own.escapedNulls + (type === 'text' ? nullTexts(own, stated) : own.empty + own.emptyQuoted + words)
    const distinct = nulls > 0 || own.values === 0 ? false : own.distinct.value()
    return { name, type, nulls, format, contradictions, distinct, why }
  })
  const nulls = new Set(
    stated.nulls ?? [
      '',
      ...names.flatMap((_, k) => (inspected[k]!.type === 'text' ? [] : [...evidence[k]!.words.keys()])),
    ],
  )
  const keptWords = names.flatMap((column, k): KeptWord[] => {
    if (stated.nulls !== null || inspected[k]!.type !== 'text') return []
    const words = [...evidence[k]!.words.values()].filter(({ word }) => nulls.has(word) || certainWords.test(word))
    return words.map((word) => ({ column, ...word }))
  })
  return {
    columns: inspected,
    numbers,
    reading,
    nulls: [...nulls],
    keptWords,
    open: [
      ...(numbers.state === 'open' ? [numbers.question] : []),
      ...decided.flatMap(({ question }) => (question === null ? [] : [question])),
    ],
  }
}

function decideOne(
  name: string,
  evidence: ColumnEvidence,
  column: Column | null,
  { formats }: StatedCsv,
  reading: NumberReading,
): DecidedColumn {
  const own = column
    ? { type: column.type, contradictions: [], why: null, ...decideFormat(name, column.type, evidence) }
    : decideColumn(name, evidence, reading)
  const format = formats[name]
  return format === undefined ? own : { ...own, format, question: null }
}

function nullTexts({ words, empty }: ColumnEvidence, { nulls }: StatedCsv): number {
  if (nulls === null) return 0
  const counted = nulls.map((spelling) => (spelling === '' ? empty : (words.get(spelling)?.count ?? 0)))
  return counted.reduce((sum, count) => sum + count, 0)
}
