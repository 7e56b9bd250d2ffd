import { cancelConfig, type Session } from '../session.js'
import { cancellable } from './cancellable.js'

/** Statements on the control connection, which an abort cancels: they may wait for a lock, or read all that was loaded. */
export function onControl<T>(session: Session, run: () => Promise<T>): Promise<T> {
  return cancellable(session.control, cancelConfig(session), session.signal, run)
}
