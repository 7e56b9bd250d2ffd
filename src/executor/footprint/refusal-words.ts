/**
 * Reason why a server did not execute a statement, such as `CREATE TABLE`; with the server's own
 * message.
 */
export interface Refusal {
  readonly refusal: 'disk-full' | 'checkpoint-failed' | 'refused'
  readonly statement: string
  readonly message: string
}

/**
 * Returns the message of a refusal: "CREATE TABLE was refused by the server (no DDL on Fridays):
 * …".
 */
export function refusalWords({ refusal, statement, message }: Refusal): string {
  switch (refusal) {
    case 'disk-full':
      return `The server's disk is full, so that ${statement} failed (${message}): make room there, then run again`
    case 'checkpoint-failed':
      return `${statement} failed on the server (${message}): its log says why, most often that the server's disk is full. Make room there, then run again`
    case 'refused':
      return `${statement} was refused by the server (${message}): remove what forbids it there, such as an event trigger or a missing right, or use another server or database`
    default:
      throw new TypeError(`Unknown refusal ${refusal satisfies never}`)
  }
}
