import { createServer, type RequestListener, type Server } from "node:http";
import { createClient } from "@libsql/client";
import { describe, expect, test } from "vitest";
import { openDatabase, openForReading } from "./client.ts";
import { ConstraintViolated, DatabaseUnavailable, failureOf, isLocked } from "./failures.ts";
import { patient } from "./patience.ts";
import { askServer } from "./server-fetch.ts";
import { hasSqld, startSqld } from "./testing/index.ts";

/** As the binding throws it. */
const fileError = (rawCode: number, message = "told by SQLite") =>
  Object.assign(new Error(message), { code: `UNKNOWN_SQLITE_ERROR_${rawCode}`, rawCode });
/** As the client of a server throws it. */
const serverError = (code: string, message = "told by SQLite") =>
  Object.assign(new Error(`${code}: SQLite error: ${message}`), { code });

describe("a failure", () => {
  test.each([
    [5, "SQLITE_BUSY", "locked"],
    [6, "SQLITE_LOCKED", "locked"],
    [8, "SQLITE_READONLY", "read_only"],
    [10, "SQLITE_IOERR", "full"],
    [11, "SQLITE_CORRUPT", "corrupt"],
    [13, "SQLITE_FULL", "full"],
    [14, "SQLITE_CANTOPEN", "read_only"],
    [26, "SQLITE_NOTADB", "corrupt"],
  ])("with code %i, or named %s, means %s, extended or not", (code, name, reason) => {
    for (const error of [
      fileError(code),
      fileError(code | (3 << 8)),
      serverError(name),
      serverError(`${name}_SOMETHING`),
    ]) {
      const failure = failureOf(error);
      expect(failure).toBeInstanceOf(DatabaseUnavailable);
      expect(failure).toMatchObject({ reason, cause: error });
    }
  });

  test("is one sentence that says what to do", () => {
    const messages = [5, 8, 10, 11, 13, 14, 26].map(
      (code) => (failureOf(fileError(code)) as Error).message,
    );
    for (const message of messages) expect(message).toMatch(/^[A-Z][^.]*[;:,] [^.]*\.$/);
    expect(new Set(messages).size).toBe(messages.length);
  });

  test("is found behind whatever a library wraps around it, once", () => {
    const wrapped = new Error("Failed query", {
      cause: new Error("again", { cause: fileError(13) }),
    });
    const failure = failureOf(wrapped);
    expect(failure).toMatchObject({ reason: "full", cause: wrapped });
    expect(failureOf(failure)).toBe(failure);
    expect(failureOf(new Error("outer", { cause: failure }))).toBe(failure);
  });

  test("of a kind nobody knows stays what it was", () => {
    for (const error of [new Error("no such table: x"), fileError(1), "text", null, undefined]) {
      expect(failureOf(error)).toBe(error);
    }
  });

  test("that is a lock is told from the others", () => {
    expect(isLocked(fileError(5))).toBe(true);
    expect(isLocked(fileError(517))).toBe(true);
    expect(isLocked(fileError(13))).toBe(false);
    expect(isLocked(new Error("x"))).toBe(false);
  });
});

describe("a violated constraint", () => {
  test.each([
    ["conflict: the account has moved on", true],
    ["conflict: the scan has ended", true],
    ["UNIQUE constraint failed: postings.account_id, postings.version", true],
    ["UNIQUE constraint failed: postings.key", true],
    ["UNIQUE constraint failed: postings.id", true],
    ["UNIQUE constraint failed: scans.account_id, scans.start_key", false],
    ["UNIQUE constraint failed: members.user_id", false],
    ["CHECK constraint failed: lots_remaining", false],
    ["cannot store REAL value in INTEGER column entries.amount", false],
    ["a posting is never changed", false],
  ])("“%s” is worth another try: %s", (message, isConflict) => {
    for (const error of [
      fileError(19 | (7 << 8), message),
      serverError("SQLITE_CONSTRAINT", message),
    ]) {
      const failure = failureOf(error);
      expect(failure).toBeInstanceOf(ConstraintViolated);
      expect(failure).toMatchObject({ isConflict, cause: error });
    }
  });
});

describe("a server", () => {
  async function answering<T>(
    listener: RequestListener,
    work: (url: string, server: Server) => Promise<T>,
  ) {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      return await work(`http://127.0.0.1:${port}`, server);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const failureAt = (url: string, open = openDatabase) =>
    open({ url, authToken: "t" }).then(
      () => null,
      (error: unknown) => error,
    );
  const doesNotAnswer = {
    name: "DatabaseUnavailable",
    reason: "unreachable",
    message: "The database server does not answer; check DATABASE_URL and that it runs.",
  };

  test("that is not there is unreachable, to an owner and to a reader", async () => {
    const url = await answering(
      () => {},
      async (url) => url,
    );
    expect(await failureAt(url)).toMatchObject(doesNotAnswer);
    expect(await failureAt(url, openForReading)).toMatchObject(doesNotAnswer);
    expect(await failureAt("http://no-such-host.invalid:8080")).toMatchObject(doesNotAnswer);
  });

  test("that hangs up, speaks another language or is broken is unreachable", async () => {
    const listeners: RequestListener[] = [
      (request) => request.socket.destroy(),
      (_, response) => response.end("<html>"),
      (_, response) => response.writeHead(200).write("{", () => response.destroy()),
      (_, response) => response.writeHead(502).end("bad gateway"),
      (_, response) => response.writeHead(404).end(),
    ];
    for (const listener of listeners) {
      expect(await answering(listener, (url) => failureAt(url))).toMatchObject(doesNotAnswer);
    }
  });

  test("that stalls, before its answer or in the middle, is unreachable after a while", async () => {
    const listeners: RequestListener[] = [
      () => {},
      (_, response) => response.writeHead(200).write("{"),
    ];
    for (const listener of listeners) {
      const failure = await answering(listener, (url) =>
        askServer(new Request(url), 50).catch((error: unknown) => error),
      );
      expect(failure).toMatchObject(doesNotAnswer);
    }
  });

  test.each([401, 403])("that answers %i has refused the token", async (status) => {
    const refusing: RequestListener = (_, response) => response.writeHead(status).end();
    expect(await answering(refusing, (url) => failureAt(url))).toMatchObject({
      reason: "unreachable",
      message: "The database server refuses the token; check DATABASE_AUTH_TOKEN.",
    });
  });

  test("that has too much to do is asked again, and its answer is taken", async () => {
    let asked = 0;
    const busyTwice: RequestListener = (_, response) => {
      asked += 1;
      response.writeHead(asked <= 2 ? 429 : 502).end();
    };
    const failure = await answering(busyTwice, (url) =>
      patient(createClient({ url, fetch: askServer }))
        .execute("SELECT 1")
        .catch((error: unknown) => error),
    );
    expect(failure).toMatchObject({ reason: "unreachable" });
    expect(asked).toBe(3);
  });

  test.runIf(hasSqld)("that comes back is used again by whoever had it open", async () => {
    const first = await startSqld();
    const database = await openDatabase({ url: first.url });
    await first.stop({ keep: true });
    await expect(database.read("SELECT 1")).rejects.toMatchObject(doesNotAnswer);
    await expect(database.write(["DELETE FROM service"])).rejects.toMatchObject(doesNotAnswer);
    const second = await startSqld({ dir: first.dir, port: first.port });
    try {
      expect((await database.read("SELECT 1")).rows).toHaveLength(1);
      await database.write(["DELETE FROM service"]);
    } finally {
      database.close();
      await second.stop();
    }
  });
});
