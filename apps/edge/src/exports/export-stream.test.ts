import { expect, test } from "vitest";
import { ExportSlots } from "./export-slots.ts";
import { exportStream } from "./export-stream.ts";

const HOUR_MS = 3_600_000;

function exporting(make: () => AsyncGenerator<string>, stalledAfterMs = HOUR_MS) {
  const failures: unknown[] = [];
  let made = 0;
  let ended = 0;
  async function* pieces() {
    for await (const piece of make()) {
      made += 1;
      yield piece;
    }
  }
  let told = () => {};
  const isOver = new Promise<void>((resolve) => {
    told = resolve;
  });
  const stream = exportStream(pieces(), {
    stalledAfterMs,
    onEnd() {
      ended += 1;
      told();
    },
    onFailure: (error) => void failures.push(error),
  });
  const seen = () => ({ made, ended, failures });
  return { stream, seen, isOver };
}

async function* letters() {
  yield* ["a", "b", "c"];
}

test("a file is made to its end, and then that is told once", async () => {
  const { stream, seen } = exporting(letters);
  expect(await new Response(stream).text()).toBe("abc");
  expect(seen()).toEqual({ made: 3, ended: 1, failures: [] });
});

test("nothing is made before it is read", async () => {
  const { stream, seen } = exporting(letters);
  const reader = stream.getReader();
  expect(seen().made).toBe(0);
  await reader.read();
  expect(seen().made).toBe(1);
  await reader.cancel();
  expect(seen()).toEqual({ made: 1, ended: 1, failures: [] });
});

test("what goes wrong in the middle is told, and the reader is not left with a file that looks whole", async () => {
  const broken = new Error("the database is away");
  const { stream, seen } = exporting(async function* () {
    yield "a";
    throw broken;
  });
  await expect(new Response(stream).text()).rejects.toThrow(broken);
  expect(seen()).toEqual({ made: 1, ended: 1, failures: [broken] });
});

test("a file that nobody reads on is given up, and what made it is let go", async () => {
  let isLetGo = false;
  const { stream, seen, isOver } = exporting(async function* () {
    try {
      for (;;) yield "a";
    } finally {
      isLetGo = true;
    }
  }, 5);
  const reader = stream.getReader();
  await reader.read();
  await isOver;
  await expect(reader.read()).rejects.toThrow("Nobody reads on.");
  expect(seen()).toMatchObject({ made: 1, ended: 1 });
  expect(isLetGo).toBe(true);
});

test("there are only so many at once, for each and for all, and one that ends makes room", () => {
  const slots = new ExportSlots({ exportsMax: 3, exportsPerUserMax: 2 });
  const first = slots.take("ada");
  expect(slots.take("ada")).not.toBeNull();
  expect(slots.take("ada")).toBeNull();
  expect(slots.take("bob")).not.toBeNull();
  expect(slots.take("eve")).toBeNull();
  first?.();
  expect(slots.take("eve")).not.toBeNull();
  expect(slots.take("ada")).toBeNull();
});
