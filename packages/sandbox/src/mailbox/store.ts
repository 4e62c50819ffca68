/**
 * Mails as the files they arrived as. The name of a file is its id and sorts by arrival, so the
 * folder is the index, and a person can open a mail with any mail program.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Mail, parseMail } from "./mail.ts";

export interface StoredMail extends Mail {
  readonly id: string;
  /** Epoch milliseconds by the machine's clock. */
  readonly receivedAt: number;
}

export interface MailStore {
  add(raw: Uint8Array): Promise<string>;
  /** Newest first. */
  list(): Promise<StoredMail[]>;
  find(id: string): Promise<StoredMail | undefined>;
}

// An id from outside becomes part of a path only after it has this form.
const ID = /^[0-9a-z]{9}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SUFFIX = ".eml";

export async function openMailStore(options: {
  dir: string;
  mailsMax: number;
}): Promise<MailStore> {
  const { dir, mailsMax } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => join(dir, `${id}${SUFFIX}`);
  const parsed = new Map<string, StoredMail>();
  let arrivals = 0;

  const listIds = async () => {
    const names = await readdir(dir);
    const ids = names
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length));
    return ids
      .filter((id) => ID.test(id))
      .sort()
      .reverse();
  };

  const forgetOldest = async () => {
    for (const id of (await listIds()).slice(mailsMax)) {
      parsed.delete(id);
      await rm(pathOf(id), { force: true });
    }
  };

  const find = async (id: string): Promise<StoredMail | undefined> => {
    if (!ID.test(id)) return undefined;
    const known = parsed.get(id);
    if (known !== undefined) return known;
    const raw = await readFile(pathOf(id)).catch(() => undefined);
    if (raw === undefined) return undefined;
    const mail = { ...(await parseMail(raw)), id, receivedAt: receivedAtOf(id) };
    parsed.set(id, mail);
    return mail;
  };

  return {
    async add(raw) {
      const id = mintId(arrivals++);
      // Whoever lists the folder meanwhile sees the whole mail or none of it.
      const unfinished = `${pathOf(id)}.part`;
      await writeFile(unfinished, raw, { mode: 0o600 });
      await rename(unfinished, pathOf(id));
      await forgetOldest();
      return id;
    },
    async list() {
      const mails = await Promise.all((await listIds()).map(find));
      return mails.filter((mail) => mail !== undefined);
    },
    find,
  };
}

// The counter keeps mails of one millisecond in the order of their arrival.
function mintId(arrival: number): string {
  const time = Date.now().toString(36).padStart(9, "0");
  const order = (arrival % 0x10000).toString(16).padStart(4, "0");
  return `${time}-${order}-${randomBytes(6).toString("hex")}`;
}

function receivedAtOf(id: string): number {
  return Number.parseInt(id.slice(0, 9), 36);
}
