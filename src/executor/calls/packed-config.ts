import { type OtherReader, otherReaders } from '../input/other-reader.js'
import type { OwnConfig } from '../server/reach/own-config.js'
import { anyName } from '../server/reach/tls.js'

/** A connection's configuration as plain data, so that it can be cloned. */
export interface PackedConfig {
  readonly config: OwnConfig
  /** Whether TLS takes a certificate for any name, as `sslmode=verify-ca` does. */
  readonly anyServerIdentity: boolean
}

/**
 * Packs a configuration for what connects by it apart from copylab's own process. Throws a
 * TypeError for one that holds functions, which it cannot call.
 */
export function packConfig({ ssl, ...config }: OwnConfig, reader: OtherReader): PackedConfig {
  const refuseFunction = (name: string, value: unknown): void => {
    if (typeof value !== 'function') return
    const words = otherReaders[reader]
    throw new TypeError(
      `Expected the connection's \`${name}\` to be no function, which ${words.name} cannot call: give a value, or ${words.instead}`,
    )
  }
  for (const [name, value] of Object.entries(config)) refuseFunction(name, value)
  if (typeof ssl !== 'object') return { config: { ...config, ssl }, anyServerIdentity: false }
  const { checkServerIdentity, ...others } = ssl
  for (const [name, value] of Object.entries(others)) refuseFunction(`ssl.${name}`, value)
  const anyServerIdentity = checkServerIdentity === anyName
  if (!anyServerIdentity) refuseFunction('ssl.checkServerIdentity', checkServerIdentity)
  // pg makes the key not enumerable, so that it is never printed.
  const key = 'key' in ssl ? { key: ssl.key } : {}
  return { config: { ...config, ssl: { ...others, ...key } }, anyServerIdentity }
}

/** Restores a packed configuration, for a client. */
export function unpackConfig({ config, anyServerIdentity }: PackedConfig): OwnConfig {
  if (!anyServerIdentity || typeof config.ssl !== 'object') return config
  return { ...config, ssl: { ...config.ssl, checkServerIdentity: anyName } }
}
