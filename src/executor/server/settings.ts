/**
 * Settings that copylab's own servers (`embedded`, `compose`) get on the command line, where no
 * file of the cluster can change it. The first group departs from PostgreSQL's defaults, so that
 * nothing but the load happens inside a trial; the second repeats defaults that initdb, a later
 * release or an image might choose otherwise, because results depend on them. All other settings
 * have PostgreSQL's defaults.
 */
export const measuringSettings: Readonly<Record<string, string>> = {
  // A checkpoint is requested after max_wal_size / (1 + checkpoint_completion_target) ≈ 2.1 GB of
  // WAL: some 13 million flights of 156 B. Checkpoints are issued between trials, so none starts
  // inside one.
  max_wal_size: '4GB',
  // WAL files are recycled up to this size rather than removed and created again, filled with
  // zeros, inside a later trial.
  min_wal_size: '1GB',
  // The longest pause between CHECKPOINTs issued by the study is one trial; the default of 5
  // minutes may fall inside one.
  checkpoint_timeout: '1h',
  // Shows in the log whether a checkpoint fell into a trial (off by default in PostgreSQL 14).
  log_checkpoints: 'on',
  // Without them the times in pg_stat_io and pg_stat_wal stay 0.
  track_io_timing: 'on',
  track_wal_io_timing: 'on',
  // Timestamps and messages read the same everywhere.
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',

  // Durability as in production: a load that may lose data on a power cut is another experiment.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_level: 'replica',
  // initdb lowers both on a machine with little memory.
  shared_buffers: '128MB',
  max_connections: '100',
}

/** Settings that `embedded` sets itself: where the server listens and where its files are. */
const reserved = new Set([
  'config_file',
  'data_directory',
  'external_pid_file',
  'hba_file',
  'ident_file',
  'listen_addresses',
  'log_destination',
  'logging_collector',
  'port',
  'unix_socket_directories',
])

/**
 * The measuring settings with `overrides` in place. Throws `TypeError` for a name or value that
 * cannot be one.
 */
export function resolveSettings(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
  const resolved: Record<string, string> = { ...measuringSettings }
  for (const [name, value] of Object.entries(overrides)) {
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(name)) {
      throw new TypeError(`Expected \`settings\` to name PostgreSQL settings, got ${JSON.stringify(name)}`)
    }
    if (typeof value !== 'string' || value.includes('\0')) {
      throw new TypeError(`Expected \`settings.${name}\` to be a string such as '128MB', got ${JSON.stringify(value)}`)
    }
    if (reserved.has(name.toLowerCase())) {
      throw new TypeError(`Expected \`settings\` without \`${name}\`, which embedded() sets itself`)
    }
    // PostgreSQL takes names in any case; two spellings of one setting would contradict each other.
    const known = Object.keys(resolved).find((other) => other.toLowerCase() === name.toLowerCase())
    resolved[known ?? name] = value
  }
  return resolved
}
