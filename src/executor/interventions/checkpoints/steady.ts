import type pg from 'pg'
import type { Treatment } from '../../../study/treatment.js'
import type { Measurements } from '../../../study/trial.js'
import { InterventionError } from '../../errors.js'

/**
 * Number of checkpoints that must begin in a trial whose checkpoints are to belong to it: between
 * two of them lies a whole cycle of writing pages and of full-page images, of which one alone may
 * be the end of what the trial before it began.
 */
const minCheckpoints = 2

/** What a checkpoint is begun by: the settings of the server. */
interface Distance {
  readonly maxWalSize: string
  /** WAL after which a checkpoint begins: max_wal_size ÷ (1 + checkpoint_completion_target). */
  readonly bytes: number
}

/**
 * Throws `InterventionError` for a trial with `checkpoints: 'steady'` in which fewer than two
 * checkpoints began, and says what makes them begin.
 */
export async function checkSteady(
  control: pg.Client,
  { checkpoints: asked, target }: Pick<Treatment, 'checkpoints' | 'target'>,
  { checkpoints, walBytes }: Pick<Measurements, 'checkpoints' | 'walBytes'>,
  records: number,
): Promise<void> {
  if (asked !== 'steady' || target === 'nothing') return
  if (checkpoints === null)
    throw new InterventionError('Whether checkpoints began in the trial was not read: leave the probe `walIo` on')
  if (checkpoints >= minCheckpoints) return
  const { maxWalSize, bytes } = await distanceOf(control)
  const many = walBytes
    ? `, load at least ${roundedUp((records * (minCheckpoints + 0.5) * bytes) / walBytes)} records`
    : ''
  throw new InterventionError(
    `Expected at least ${minCheckpoints} checkpoints to begin in a trial with checkpoints: 'steady', and ${checkpoints} did: it wrote ${megabytes(walBytes ?? 0)} MB of WAL, and a checkpoint begins after ${megabytes(bytes)} MB (max_wal_size ${maxWalSize})${many}, or lower max_wal_size by a set of settings, such as small=max_wal_size=64MB+min_wal_size=32MB`,
  )
}

async function distanceOf(control: pg.Client): Promise<Distance> {
  const { rows } = await control.query<Distance>(
    `SELECT current_setting('max_wal_size') AS "maxWalSize",
            pg_size_bytes(current_setting('max_wal_size')) / (1 + current_setting('checkpoint_completion_target')::float8) AS bytes`,
  )
  return rows[0]!
}

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toLocaleString('en-US', { maximumFractionDigits: 0 })

/** Rounds up to two digits: 1,234 is 1,300. */
function roundedUp(value: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return (Math.ceil(value / unit) * unit).toLocaleString('en-US')
}
