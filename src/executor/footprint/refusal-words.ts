/**
 * Why a server did not carry out a statement, such as `CREATE TABLE`; `said` is the server's own
 * message.
 */
export interface Refusal {
  readonly refusal: 'disk-full' | 'checkpoint-failed' | 'refused'
  readonly statement: string
  readonly said: string
}

/** "CREATE TABLE was refused by the server (no DDL on Fridays): …" */
export function refusalWords({ refusal, statement, said }: Refusal): string {
  switch (refusal) {
    case 'disk-full':
      return `The server's disk is full, so that ${statement} failed (${said}): make room there, then run again`
    case 'checkpoint-failed':
      return `${statement} failed on the server (${said}): its log says why, most often that the server's disk is full. Make room there, then run again`
    case 'refused':
      return `${statement} was refused by the server (${said}): see to what forbids it there, such as an event trigger or a right that is missing, or use another server or database`
    default:
      throw new TypeError(`Unknown refusal ${refusal satisfies never}`)
  }
}
