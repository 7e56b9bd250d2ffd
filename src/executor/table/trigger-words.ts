import { listed } from '../../names.js'
import type { TableTrigger } from '../../study/table/definition.js'

/**
 * A trigger as a message names it: "the trigger audit (AFTER INSERT), whose function app.f() writes
 * to app.log".
 */
export function triggerWords({
  name,
  fires,
  calls,
  writes,
}: Pick<TableTrigger, 'name' | 'fires' | 'calls' | 'writes'>): string {
  const effect = writes.length === 0 ? `which calls ${calls}` : `whose function ${calls} writes to ${listed(writes, 6)}`
  return `the trigger ${name} (${fires}), ${effect}`
}
