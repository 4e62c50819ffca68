import type { Calls } from "./client.ts";

interface Mail {
  readonly id: string;
  readonly subject: string;
}

/** What lies in the sandbox's mailbox, the oldest first; nothing where mail goes elsewhere. */
export async function listMails(calls: Calls): Promise<readonly Mail[]> {
  const { mailboxUrl } = await calls.sandbox.info.query();
  if (mailboxUrl === null) return [];
  const answer = await fetch(mailboxUrl, { headers: { accept: "application/json" } });
  return ((await answer.json()) as Mail[]).reverse();
}

export async function subjectsSince(calls: Calls, before: readonly Mail[]): Promise<string[]> {
  const known = new Set(before.map(({ id }) => id));
  return (await listMails(calls)).filter(({ id }) => !known.has(id)).map(({ subject }) => subject);
}
