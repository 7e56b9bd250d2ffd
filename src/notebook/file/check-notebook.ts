type Fields = Readonly<Record<string, unknown>>

/** Greatest depth of values within values; Jupyter's own reader takes less than a thousand. */
const maxDepth = 500

/**
 * Checks that a parsed file is a notebook of nbformat 4, as far as anything reads it. What a later
 * minor version may add is let through. Throws `TypeError` naming the first place that is wrong.
 */
export function checkNotebook(file: unknown): void {
  checkDepth(file)
  const { nbformat, cells, metadata } = isFields(file) ? file : ({} as Fields)
  if (nbformat !== 4 || !Array.isArray(cells)) {
    throw new TypeError(`Expected nbformat 4 with a list of cells, got nbformat ${JSON.stringify(nbformat)}`)
  }
  checkFields('`metadata`', metadata)
  for (const [index, cell] of cells.entries()) checkCell(cell, `cell ${index + 1}`)
}

function checkCell(cell: unknown, place: string): void {
  if (!isFields(cell)) throw wrong(place, 'an object', cell)
  const { cell_type: type, metadata, source, attachments, execution_count: count, outputs } = cell
  if (type !== 'code' && type !== 'markdown' && type !== 'raw') throw wrong(place, 'code, markdown or raw', type)
  checkFields(`\`metadata\` of ${place}`, metadata)
  checkText(`\`source\` of ${place}`, source)
  if (type !== 'code') {
    checkFields(`\`attachments\` of ${place}`, attachments)
    for (const bundle of Object.values(attachments ?? {})) checkFields(`an attachment of ${place}`, bundle)
    return
  }
  if (!isMissing(count) && typeof count !== 'number') {
    throw wrong(`\`execution_count\` of ${place}`, 'a number or null', count)
  }
  if (!isMissing(outputs) && !Array.isArray(outputs)) throw wrong(`\`outputs\` of ${place}`, 'a list', outputs)
  for (const [k, output] of ((outputs ?? []) as readonly unknown[]).entries()) {
    checkOutput(output, `output ${k + 1} of ${place}`)
  }
}

function checkOutput(output: unknown, place: string): void {
  if (!isFields(output)) throw wrong(place, 'an object', output)
  const { output_type: type, name, text, data, metadata, ename, evalue, traceback } = output
  switch (type) {
    case 'stream':
      if (name !== 'stdout' && name !== 'stderr') throw wrong(`\`name\` of ${place}`, 'stdout or stderr', name)
      checkText(`\`text\` of ${place}`, text)
      return
    case 'error':
      for (const [field, value] of Object.entries({ ename, evalue })) {
        if (typeof value !== 'string') throw wrong(`\`${field}\` of ${place}`, 'a text', value)
      }
      if (!isTexts(traceback)) throw wrong(`\`traceback\` of ${place}`, 'a list of texts', traceback)
      return
    case 'display_data':
    case 'execute_result':
      checkFields(`\`data\` of ${place}`, data)
      checkFields(`\`metadata\` of ${place}`, metadata)
      return
    default:
      throw wrong(`\`output_type\` of ${place}`, 'stream, error, display_data or execute_result', type)
  }
}

function checkFields(place: string, value: unknown): void {
  if (!isMissing(value) && !isFields(value)) throw wrong(place, 'an object', value)
}

function checkText(place: string, value: unknown): void {
  if (!isMissing(value) && typeof value !== 'string' && !isTexts(value)) {
    throw wrong(place, 'a text or a list of its lines', value)
  }
}

/** Goes level by level, so that no depth is too much for it. */
function checkDepth(file: unknown): void {
  let level: readonly unknown[] = [file]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new TypeError(`Expected values within values to a depth of ${maxDepth}, got more`)
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function wrong(place: string, wanted: string, value: unknown): TypeError {
  const got = JSON.stringify(value) ?? 'none'
  return new TypeError(`Expected ${place} to be ${wanted}, got ${got.length > 80 ? `${got.slice(0, 80)}…` : got}`)
}
