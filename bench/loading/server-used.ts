import type { Connection } from 'copylab/executor'

/** The server that was measured, without anything that tells where it is. */
export interface ServerUsed {
  readonly kind: string
  readonly version: string
  readonly settings: Readonly<Record<string, string>>
}

export function serverUsed({ facts: { kind, version, settings } }: Connection): ServerUsed {
  return { kind, version, settings }
}
