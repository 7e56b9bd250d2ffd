import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import type { LayoutChange } from '../../../src/study/factors/layouts.js'
import type { Study } from '../../../src/study/study.js'
import type { Definition } from '../../../src/study/table/definition.js'
import type { CompletedTrial } from '../../../src/study/trial.js'

const definition: Definition = {
  source: { like: 'public.orders' },
  prepare: [],
  statements: [],
  columns: [],
  primaryKey: ['id'],
  parts: [
    { kind: 'primary key', name: 'orders_pkey', sql: 'PRIMARY KEY (id)' },
    { kind: 'foreign key', name: 'orders_customer_fkey', sql: 'FOREIGN KEY (customer) REFERENCES customers(id)' },
    { kind: 'index', name: 'orders_tags_idx', sql: 'INDEX USING gin (tags)' },
    { kind: 'index', name: 'orders_note_idx', sql: 'UNIQUE INDEX USING btree (note)' },
  ],
  triggers: [
    {
      name: 'audit',
      sql: '',
      fires: 'AFTER INSERT',
      calls: 'app.audit()',
      writes: ['app.log'],
      rewrites: false,
    },
  ],
  leftOut: [],
}

/** Sizes of the indexes that the simulated tables have. */
const bytes: { readonly [index: string]: number } = {
  orders_pkey: 12_000_000,
  orders_tags_idx: 23_000_000,
  orders_note_idx: 4_200_000,
}

/**
 * A simulated study of layouts: the true total times in milliseconds by layout, and what each
 * changes. Each index writes twice its size as WAL.
 */
export function laidOut(
  layouts: { readonly [layout: string]: LayoutChange & { readonly totalMs: number } },
  more: Partial<SimulateOptions> = {},
): Study {
  const { change = (trial) => trial, ...options } = more
  const study = simulateStudy({
    workers: [2],
    vary: (treatment) => Object.keys(layouts).map((layout) => ({ ...treatment, layout })),
    truth: ({ layout }) => ({ totalMs: layouts[layout]!.totalMs }),
    noise: 0.01,
    ...options,
    change: (trial) => change(withReadings(trial, layouts[trial.treatment.layout]!)),
  })
  const meanings = Object.fromEntries(
    Object.entries(layouts)
      .filter(([layout]) => layout !== 'default')
      .map(([layout, { totalMs, ...changed }]) => [layout, changed]),
  )
  return { ...study, plan: { ...study.plan, definition, meanings: { layout: meanings } } }
}

function withReadings(trial: CompletedTrial, { without = [], triggers = [] }: LayoutChange): CompletedTrial {
  const indexSizes = Object.keys(bytes)
    .filter((name) => !without.includes(name))
    .map((name) => ({ name, bytes: bytes[name]! }))
  const indexBytes = indexSizes.reduce((sum, own) => sum + own.bytes, 0)
  const walBytes = 50_000_000 + 2 * indexBytes
  return { ...trial, indexSizes, indexBytes, walBytes, triggerMs: triggers.length > 0 ? 640 : null }
}
