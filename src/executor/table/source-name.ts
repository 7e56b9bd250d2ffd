import type { TableSource } from '../../study/table/definition.js'

/** What a definition comes from, as messages name it: `public.orders`, `orders.sql`. */
export function sourceName(source: TableSource): string {
  return 'like' in source ? source.like : source.name
}
