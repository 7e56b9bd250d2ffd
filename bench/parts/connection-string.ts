import type { Connection } from 'copylab/executor'

/** The address of a server, with its password, as `DATABASE_URL` of a child process. */
export function connectionString({ host, port, user, password, database }: Connection['config']): string {
  const credentials = `${encodeURIComponent(user ?? '')}:${encodeURIComponent(String(password ?? ''))}`
  return `postgresql://${credentials}@${host}:${port}/${database}`
}
