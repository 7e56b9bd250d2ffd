/**
 * Shows what a cell ends with: results of copylab, frames, figures and rows as tables or sentences,
 * all else as tslab prints it.
 */
export async function showLastValue(value: unknown): Promise<void> {
  const isObject = typeof value === 'object' && value !== null
  // Imported late: it loads statistics and tables, which a kernel can start without.
  if (isObject && (await import('../../value-display.js')).showValue(value)) return
  console.log(value)
}
