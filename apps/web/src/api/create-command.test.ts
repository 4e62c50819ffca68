import { expect, test } from "vitest";
import { createCommand } from "./create-command.ts";

const UNREACHABLE = "The server did not answer. Check the connection and try again.";

test("while one is under way, another press is ignored, whichever button it is of", async () => {
  const command = createCommand<"send" | "withdraw">();
  const taken: string[] = [];
  let finish = () => {};
  const first = command.run(async () => {
    taken.push("first");
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  }, "send");
  expect([command.isBusy(), command.isBusy("send"), command.isBusy("withdraw")]).toEqual([
    true,
    true,
    false,
  ]);

  await command.run(async () => void taken.push("second"), "withdraw");
  finish();
  await first;
  expect(taken).toEqual(["first"]);
  expect([command.isBusy(), command.isBusy("send")]).toEqual([false, false]);
});

test("why it did not work is told in words until the next press, which may be made at once", async () => {
  const command = createCommand();
  await command.run(() => Promise.reject(new Error("no network")));
  expect(command.problem()).toBe(UNREACHABLE);
  expect(command.isBusy()).toBe(false);

  let toldMeanwhile: string | null = UNREACHABLE;
  await command.run(async () => {
    toldMeanwhile = command.problem();
  });
  expect([toldMeanwhile, command.problem()]).toEqual([null, null]);
});

test("steps that fail before they first wait are a failure like any other", async () => {
  const command = createCommand();
  await command.run(() => {
    throw new Error("too early");
  });
  expect(command.problem()).toBe(UNREACHABLE);
  expect(command.isBusy()).toBe(false);
});

test("what the steps tell themselves stays when they are done, and can be taken back", async () => {
  const command = createCommand();
  await command.run(async () => command.tell("Try again in a moment."));
  expect(command.problem()).toBe("Try again in a moment.");
  command.tell(null);
  expect(command.problem()).toBeNull();
});
