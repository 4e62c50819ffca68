/**
 * The two ways to ask. Closed: so many callers, each waiting for its answer before it asks again,
 * which finds out how much a server can do. Open: requests arrive when they arrive, whatever the
 * server does, which finds out how long people wait.
 */
import { machineNow } from "../program.ts";
import { Connection } from "./connection.ts";

export interface Measured {
  readonly answered: number;
  readonly seconds: number;
  /** One for each request, in milliseconds. */
  readonly latencies: Float64Array;
  /** Everything that was not answered with 200, by status; 0 is no answer at all. */
  readonly refused: Readonly<Record<number, number>>;
}

class Samples {
  readonly #latencies: number[] = [];
  readonly #refused: Record<number, number> = {};

  note(status: number, latency: number): void {
    this.#latencies.push(latency);
    if (status !== 200) this.#refused[status] = (this.#refused[status] ?? 0) + 1;
  }

  over(seconds: number): Measured {
    const latencies = Float64Array.from(this.#latencies);
    return { answered: latencies.length, seconds, latencies, refused: this.#refused };
  }
}

/** Ends when the time is over, or when there is nothing left to ask. */
export async function closedLoop(
  next: () => string | null,
  { port, callers, seconds = Infinity }: { port: number; callers: number; seconds?: number },
): Promise<Measured> {
  const connections = await Promise.all(
    Array.from({ length: callers }, () => Connection.open(port)),
  );
  const samples = new Samples();
  const startedAt = machineNow();
  const until = startedAt + seconds * 1_000;
  const call = (connection: Connection) =>
    new Promise<void>((resolve) => {
      const ask = () => {
        const askedAt = machineNow();
        if (askedAt >= until || !connection.isOpen) return resolve();
        const request = next();
        if (request === null) return resolve();
        connection.send(request, (status) => {
          samples.note(status, machineNow() - askedAt);
          ask();
        });
      };
      ask();
    });
  await Promise.all(connections.map(call));
  const took = (machineNow() - startedAt) / 1_000;
  for (const connection of connections) connection.close();
  return samples.over(took);
}

/**
 * A latency runs from the instant the request should have been sent, so a server that falls behind
 * cannot make the generator wait with it. Connections are opened as they are needed.
 */
export async function openLoop(
  next: () => string,
  { port, perSecond, seconds }: { port: number; perSecond: number; seconds: number },
): Promise<Measured> {
  const idle = await Promise.all(Array.from({ length: 32 }, () => Connection.open(port)));
  const all = new Set(idle);
  const samples = new Samples();
  const total = perSecond * seconds;
  const startedAt = machineNow() + 50;
  await new Promise<void>((resolve) => {
    let arrived = 0;
    let open = total;
    const finish = (status: number, dueAt: number) => {
      samples.note(status, machineNow() - dueAt);
      open -= 1;
      if (open === 0) resolve();
    };
    const send = (connection: Connection, dueAt: number) => {
      connection.send(next(), (status) => {
        if (connection.isOpen) idle.push(connection);
        else all.delete(connection);
        finish(status, dueAt);
      });
    };
    const arrive = (dueAt: number) => {
      const connection = idle.pop();
      if (connection !== undefined) return send(connection, dueAt);
      Connection.open(port).then(
        (opened) => {
          all.add(opened);
          send(opened, dueAt);
        },
        () => finish(0, dueAt),
      );
    };
    const timer = setInterval(() => {
      const now = machineNow();
      for (;;) {
        const dueAt = startedAt + (arrived * 1_000) / perSecond;
        if (arrived >= total) return clearInterval(timer);
        if (dueAt > now) return;
        arrived += 1;
        arrive(dueAt);
      }
    }, 1);
  });
  const took = (machineNow() - startedAt) / 1_000;
  for (const connection of all) connection.close();
  return samples.over(took);
}
