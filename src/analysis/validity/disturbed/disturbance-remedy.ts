import type { AutovacuumTrials, CheckpointTrials, DisturbedTrials } from '../study-finding.js'

/** Returns the remedy for a disturbance, by the kind of server. */
export function disturbanceRemedy(finding: AutovacuumTrials | CheckpointTrials | DisturbedTrials): string {
  const own = finding.server === 'embedded'
  switch (finding.code) {
    case 'checkpoint-in-trial':
      if (finding.checkpoints === 'none')
        return "which belongs to what checkpoints: 'none' measures and leaves no block out: add blocks, so that it weighs alike on all treatments, or take 'between'"
      return own
        ? "which costs writes and full-page images: load fewer records in a trial, or in code give the server more room, embedded({ settings: { max_wal_size: '16GB' } })"
        : 'which costs writes and full-page images: have max_wal_size and checkpoint_timeout raised on this server, or measure on embedded()'
    case 'autovacuum-in-trial':
      return own
        ? "add blocks, which shares it out among the treatments, or in code switch it off there, embedded({ settings: { autovacuum: 'off' } })"
        : 'measure while no one changes other tables of this server, or on embedded(), or add blocks'
    case 'swap':
      return own
        ? 'end programs that take memory, or load fewer records'
        : "free memory on the server's host, have shared_buffers lowered there, or load fewer records"
    default:
      throw new TypeError(`Unknown disturbance ${JSON.stringify(finding satisfies never)}`)
  }
}
