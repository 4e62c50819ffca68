import { executionAsyncId } from "node:async_hooks";
import { getRequestStateAsyncLocalStorage } from "@better-auth/core/context";
import { expect, test } from "vitest";
import { followed } from "./followed-calls.ts";

const storage = await getRequestStateAsyncLocalStorage();

/** The runtime gives each promise an id of its own while it follows them, and otherwise none. */
async function arePromisesFollowed(): Promise<boolean> {
  const ids: number[] = [];
  const note = () => void ids.push(executionAsyncId());
  await Promise.resolve().then(note).then(note);
  return ids[0] !== ids[1];
}

test("promises are followed while an auth call runs, and no longer", async () => {
  const during = await followed(() => storage.run(new WeakMap(), arePromisesFollowed));
  expect([during, await arePromisesFollowed()]).toEqual([true, false]);
});

test("promises are not followed after an auth call that failed", async () => {
  const failing = followed(() => storage.run(new WeakMap(), () => Promise.reject(new Error())));
  await expect(failing).rejects.toThrow();
  expect(await arePromisesFollowed()).toBe(false);
});

test("a call that ends takes nothing from one that goes on", async () => {
  const state = new WeakMap();
  let goOn = () => {};
  const wait = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const longer = followed(() =>
    storage.run(state, async () => {
      await wait;
      return storage.getStore();
    }),
  );
  await followed(async () => {});
  goOn();
  expect(await longer).toBe(state);
});
