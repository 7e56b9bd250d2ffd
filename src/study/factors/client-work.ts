/** Work that the client has with each record in addition to its analysis. */
export interface ClientWork {
  /** `spin`: on a core. `sleep`: waiting, as for another service. */
  readonly by: 'spin' | 'sleep'
  /** Microseconds of it for each record. */
  readonly us: number
}

const level = /^(spin|sleep):([1-9]\d*|\d*\.\d*[1-9])$/
const maxUs = 1_000_000

/** Returns the work that a level means; null for none. Throws `TypeError` for what is no level. */
export function clientWorkOf(text: string): ClientWork | null {
  if (text === '0') return null
  const [, by, us] = level.exec(text) ?? []
  if (by === undefined || String(Number(us)) !== us || Number(us) > maxUs) {
    throw new TypeError(`Expected client work such as spin:20 or sleep:0.5, got ${JSON.stringify(text)}`)
  }
  return { by: by as ClientWork['by'], us: Number(us) }
}

/**
 * Returns a treatment whose client does work on a core with each record in addition to its own, in
 * microseconds rounded to thousandths.
 */
export function withExtraWork<T extends { readonly clientWork: string }>(treatment: T, extraUs: number): T {
  const us = Number(((clientWorkOf(treatment.clientWork)?.us ?? 0) + extraUs).toFixed(3))
  return extraUs > 0 && us > 0 ? { ...treatment, clientWork: `spin:${us}` } : treatment
}

/** Text for a level: "20 µs of CPU a record". */
export function clientWorkWords(text: string): string {
  const work = clientWorkOf(text)
  if (work === null) return 'no client work'
  return `${work.us.toLocaleString('en-US')} µs of ${work.by === 'spin' ? 'CPU' : 'waiting'} a record`
}
