/**
 * Reason why a server did not execute a statement, such as `CREATE TABLE`; `said` is the server's
 * own message.
 */
export interface Refusal {
  readonly refusal: 'disk-full' | 'checkpoint-failed' | 'refused'
  readonly statement: string
  readonly said: string
}

/**
 * Returns the message of a refusal: "CREATE TABLE was refused by the server (no DDL on Fridays):
 * …".
 */
export function refusalWords({ refusal, statement, said }: Refusal): string {
  switch (refusal) {
    case 'disk-full':
      return `The server's disk is full, so that ${statement} failed (${said}): make room there, then run again`
    case 'checkpoint-failed':
      return `${statement} failed on the server (${said}): its log says why, most often that the server's disk is full. Make room there, then run again`
    case 'refused':
      return `${statement} was refused by the server (${said}): remove what forbids it there, such as an event trigger or a missing right, or use another server or database`
    default:
      throw new TypeError(`Unknown refusal ${refusal satisfies never}`)
  }
}
