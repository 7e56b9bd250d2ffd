import type { Session } from '../session/session.js'
import { cancellable } from './cancellable.js'
import { cancelConfig } from './control.js'
import { whileNamingHolders } from './naming-holders.js'

/**
 * Runs statements on the control connection, which an abort cancels: they may wait for a lock, or
 * read the whole table. Throws `DatabaseError` that names who held a lock too long.
 */
export function onControl<T>(
  session: Pick<Session, 'study' | 'connection' | 'control' | 'signal'>,
  run: () => Promise<T>,
): Promise<T> {
  const { control, signal } = session
  const config = cancelConfig(session)
  return whileNamingHolders(control, config, () => cancellable(control, config, signal, run))
}
