import { beforeEach, expect, test } from "vitest";
import { createSubmission, type Problem } from "./create-submission.ts";

type Field = "name" | "email";

let typed: Record<Field, string>;
let answer: () => Promise<Problem<Field> | undefined>;
let sent: Record<Field, string>[];
let focused: number;

beforeEach(() => {
  typed = { name: "Ada", email: "ada@acme.com" };
  answer = async () => undefined;
  sent = [];
  focused = 0;
});

const required = (text: string) => (text === "" ? "Fill it in." : undefined);

const form = () =>
  createSubmission<Field>({
    check: () => ({ name: required(typed.name), email: required(typed.email) }),
    send() {
      sent.push({ ...typed });
      return answer();
    },
  });

/** The event of a form in which any field with a problem can be focused; it is gone once handled. */
function anEvent() {
  const field = {
    focus() {
      focused += 1;
    },
  };
  const event = {
    isPrevented: false,
    preventDefault() {
      event.isPrevented = true;
    },
    currentTarget: {
      querySelector: (selector: string) => (selector === "[aria-invalid=true]" ? field : null),
    },
  };
  return event;
}

test("a form with a problem is not sent: it is told beside its field, which takes the focus", async () => {
  typed.email = "";
  const submission = form();
  const event = anEvent();
  await submission.submit(event);
  expect(event.isPrevented).toBe(true);
  expect(submission.fieldProblems().email).toBe("Fill it in.");
  expect(submission.fieldProblems().name).toBeUndefined();
  expect([sent, focused]).toEqual([[], 1]);
  expect([submission.isBusy(), submission.isDone()]).toEqual([false, false]);
});

test("a form without a problem is sent once, and then it is done", async () => {
  const submission = form();
  const first = submission.submit(anEvent());
  const second = anEvent();
  await submission.submit(second);
  expect(submission.isBusy()).toBe(true);
  await first;
  expect(sent).toEqual([{ name: "Ada", email: "ada@acme.com" }]);
  // The browser would otherwise send it by itself.
  expect(second.isPrevented).toBe(true);
  expect([submission.isBusy(), submission.isDone(), focused]).toEqual([false, true, 0]);
});

test("a call that fails is told in words above the form, until it is sent again", async () => {
  const submission = form();
  await submission.submit(anEvent());
  answer = () => Promise.reject(new Error("no network"));
  await submission.submit(anEvent());
  expect(submission.problem()).toMatch(/^The server did not answer/);
  expect(submission.isDone()).toBe(false);

  typed.name = "";
  await submission.submit(anEvent());
  expect(submission.problem()).toBeNull();
});

test("what the server says of a field stands beside it and moves the focus, after the event is over", async () => {
  answer = async () => ({ field: "email", text: "There is already an account with it." });
  const submission = form();
  const { preventDefault, currentTarget } = anEvent();
  const event: { preventDefault(): void; currentTarget: typeof currentTarget } = {
    preventDefault,
    currentTarget,
  };
  const handled = submission.submit(event);
  // As browsers do once the event was handled.
  event.currentTarget = { querySelector: () => null };
  await handled;
  expect(submission.fieldProblems()).toEqual({
    email: "There is already an account with it.",
  });
  expect([submission.problem(), submission.isDone(), focused]).toEqual([null, false, 1]);
});

test("what the server says of no field is told above the form", async () => {
  answer = async () => ({ text: "Too many attempts." });
  const submission = form();
  await submission.submit(anEvent());
  expect(submission.problem()).toBe("Too many attempts.");
  expect([submission.isDone(), focused]).toEqual([false, 0]);
});

test("a field that is left is checked alone, and being changed takes its problem away", () => {
  typed = { name: "", email: "" };
  const submission = form();
  submission.check("name");
  expect(submission.fieldProblems()).toEqual({ name: "Fill it in." });
  submission.solve("name");
  expect(submission.fieldProblems().name).toBeUndefined();
});

test("what the last press brought can be forgotten, but for what is told beside fields", async () => {
  const submission = form();
  await submission.submit(anEvent());
  submission.forget();
  expect(submission.isDone()).toBe(false);

  answer = async () => ({ text: "Too many attempts." });
  await submission.submit(anEvent());
  typed.name = "";
  submission.check("name");
  submission.forget();
  expect(submission.problem()).toBeNull();
  expect(submission.fieldProblems().name).toBe("Fill it in.");
});
