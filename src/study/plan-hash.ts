import { createHash } from 'node:crypto'
import type { Plan } from './plan.js'
import type { Preregistration } from './preregistration.js'
import type { Definition } from './table/definition.js'
import { firstFormat, withoutLaterDefaults } from './treatment.js'

/** Format whose fields are hashed as it wrote them, including this number. */
const hashedFormat = firstFormat

/**
 * Returns the first 12 hex digits of the SHA-256 of a plan, by which its journal is named. Every
 * field of format 2 is hashed as format 2 wrote it; a later factor or field is left out where it
 * has its default, so that the studies on disk keep their names. `blocks` is not hashed: more may
 * be added.
 */
export function planHash(plan: Omit<Plan, 'hash' | 'blocks'>): string {
  const { name, treatments, controls, probes, warmUpBlocks, seed, input, server } = plan
  const { preregistration, meanings, table, definition, blocksPerSession } = plan
  const hashed = {
    name,
    schemaVersion: hashedFormat,
    treatments: treatments.map(withoutLaterDefaults),
    controls: {
      aa: controls.aa && withoutLaterDefaults(controls.aa),
      slowdown: controls.slowdown && {
        ...controls.slowdown,
        treatment: withoutLaterDefaults(controls.slowdown.treatment),
      },
      ...(controls.work
        ? { work: { ...controls.work, treatment: withoutLaterDefaults(controls.work.treatment) } }
        : {}),
      ...(controls.unprobed ? { unprobed: withoutLaterDefaults(controls.unprobed) } : {}),
    },
    probes,
    warmUpBlocks,
    seed,
    input,
    server,
    ...(preregistration ? { registration: hashedPreregistration(preregistration) } : {}),
    ...(blocksPerSession !== null ? { blocksPerSession } : {}),
    ...(Object.keys(meanings).length > 0 ? { meanings } : {}),
    ...(table ? { table } : {}),
    ...(definition ? { definition: hashedDefinition(definition) } : {}),
  }
  return createHash('sha256').update(canonicalJson(hashed)).digest('hex').slice(0, 12)
}

/** What is run to make the table: all else follows from it. */
function hashedDefinition({ source, prepare, statements, references }: Definition): unknown {
  return { source, prepare, statements, ...(references ? { references } : {}) }
}

function hashedPreregistration({ primary, claims, ...rest }: Preregistration): unknown {
  const { a, b, ...claimed } = primary
  return {
    ...rest,
    primary: { ...claimed, a: withoutLaterDefaults(a), b: withoutLaterDefaults(b) },
    ...(claims ? { claims } : {}),
  }
}

/** Returns JSON with the keys of every object sorted, so that equal plans have equal hashes. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
