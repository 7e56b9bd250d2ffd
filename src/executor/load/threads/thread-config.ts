import type { ClientConfig } from 'pg'

/** A connection's configuration as plain data, so that it can be cloned. */
export interface PackedConfig {
  readonly config: ClientConfig
  /** Whether TLS takes a certificate for any name, as `sslmode=verify-ca` does. */
  readonly anyServerIdentity: boolean
}

/** How pg writes the check that takes any name: the only function that it puts into a configuration by itself. */
const acceptAnyIdentity = 'function () {}'

/** Packs a configuration. Throws a TypeError for one that holds functions, since a thread cannot call them. */
export function packConfig({ ssl, ...config }: ClientConfig): PackedConfig {
  for (const [name, value] of Object.entries(config)) refuseFunction(name, value)
  if (typeof ssl !== 'object') return { config: { ...config, ssl }, anyServerIdentity: false }
  const { checkServerIdentity, ...others } = ssl
  for (const [name, value] of Object.entries(others)) refuseFunction(`ssl.${name}`, value)
  const anyServerIdentity = String(checkServerIdentity) === acceptAnyIdentity
  if (!anyServerIdentity) refuseFunction('ssl.checkServerIdentity', checkServerIdentity)
  // pg makes the key not enumerable, so that it is never printed.
  const key = 'key' in ssl ? { key: ssl.key } : {}
  return { config: { ...config, ssl: { ...others, ...key } }, anyServerIdentity }
}

/** The configuration again, for a client. */
export function unpackConfig({ config, anyServerIdentity }: PackedConfig): ClientConfig {
  if (!anyServerIdentity || typeof config.ssl !== 'object') return config
  return { ...config, ssl: { ...config.ssl, checkServerIdentity: () => undefined } }
}

function refuseFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') return
  throw new TypeError(
    `Expected the connection's \`${name}\` to be no function, which a worker thread cannot call: give a value, or take \`client: 'event-loop'\``,
  )
}
