/** Holds what sockets were told against what was committed. */
import type { Frames, SocketLoadAnswers } from "./programs/socket-load.ts";

export interface Told {
  readonly key: number;
  readonly version: number;
  readonly at: number;
}

type Stand = ReturnType<SocketLoadAnswers["stand"]>;

/**
 * How long each change took to each socket that watches: until its first frame of that version or a
 * newer one, because frames carry the whole state and may skip.
 */
export function timesToFrames(
  frames: Frames,
  sockets: Stand["sockets"],
  told: readonly Told[],
): { readonly times: number[]; readonly lost: number } {
  const changesOf = new Map<number, Told[]>();
  for (const change of told) {
    const changes = changesOf.get(change.key);
    if (changes === undefined) changesOf.set(change.key, [change]);
    else changes.push(change);
  }
  const reached = sockets.map(() => 0);
  const times: number[] = [];
  frames.sockets.forEach((socket, at) => {
    const changes = changesOf.get(sockets[socket]?.key ?? -1) ?? [];
    let next = reached[socket] ?? 0;
    for (let change = changes[next]; change !== undefined; change = changes[++next]) {
      if (change.version > (frames.versions[at] ?? -1)) break;
      times.push((frames.receivedAt[at] ?? Number.NaN) - change.at);
    }
    reached[socket] = next;
  });
  const expected = sockets.reduce((sum, { key }) => sum + (changesOf.get(key)?.length ?? 0), 0);
  return { times, lost: expected - times.length };
}

/** Null when every socket shows the newest version and never showed an older one after it; otherwise what is wrong. */
export function whatIsWrong(
  { sockets, wentBack, closed }: Stand,
  newest: ReadonlyMap<number, number>,
): string | null {
  if (closed > 0) return `${closed} sockets were closed.`;
  if (wentBack > 0) return `${wentBack} frames were older than the one before.`;
  const behind = sockets.filter((socket) => socket.newest !== newest.get(socket.key)).length;
  return behind === 0
    ? null
    : `${behind} of ${sockets.length} sockets are not at the newest version.`;
}
