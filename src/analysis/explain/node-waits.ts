import { oncePer } from '../../once-per.js'
import type { WaitEvent, Waits, WaitsTimeline } from '../../study/readings.js'
import type { CompletedTrial, CopyPart } from '../../study/trial.js'

/** What the events begin with that stand for a coordinator's wait for the nodes of its cluster. */
export const nodeWait = 'Nodes:'

/**
 * Returns the waits of a trial, with those for the nodes of a cluster under names of their own.
 * Citus waits for its nodes in events of the type `Extension`, and, while it connects to them and
 * commits, in `Client:ClientRead` (connection_management.c, remote_commands.c), as if it waited for
 * the client: once the client has sent all of a COPY, it is the nodes that it waits for.
 */
export const waitsOfTrial = oncePer(({ waits, nodes, parts }: CompletedTrial): Waits | null => {
  if (waits === null || nodes === null) return waits
  const counts = waits.counts.map(({ event, count }) => ({ event: renamed(event), count }))
  return { ...waits, counts, timeline: waits.timeline && timelineOf(waits.timeline, parts) }
})

const renamed = (event: WaitEvent): WaitEvent =>
  event.startsWith('Extension:') ? `${nodeWait}${event.slice('Extension:'.length)}` : event

function timelineOf({ atMs, events, workers }: WaitsTimeline, parts: readonly CopyPart[]): WaitsTimeline {
  const fromClient = events.indexOf('Client:ClientRead')
  const named = [...events.map(renamed), `${nodeWait}ClientRead`]
  return {
    atMs,
    events: named,
    workers: workers.map((samples, worker) => {
      const sent = sentSpans(parts, worker)
      let next = 0
      return samples.map((event, k) => {
        const at = atMs[k]!
        while (next < sent.length && sent[next]!.toMs < at) next++
        const isSent = next < sent.length && sent[next]!.fromMs <= at
        return event === fromClient && isSent ? named.length - 1 : event
      })
    }),
  }
}

/** Spans of a worker's COPYs from the last byte that was sent to the end. */
function sentSpans(parts: readonly CopyPart[], worker: number): readonly { fromMs: number; toMs: number }[] {
  return parts
    .filter((part) => part.worker === worker)
    .map(({ startMs, copyMs, commitMs }) => ({ fromMs: startMs + copyMs - commitMs, toMs: startMs + copyMs }))
    .sort((a, b) => a.fromMs - b.fromMs)
}
