import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport, type SendMailOptions } from "nodemailer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Mailbox, openMailbox } from "./mailbox.ts";

let dir: string;
let mailbox: Mailbox;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mailbox-"));
  mailbox = await openMailbox({ dir, mailsMax: 3 });
});

afterEach(async () => {
  await mailbox.close();
  await rm(dir, { recursive: true, force: true });
});

async function send(mail: SendMailOptions): Promise<void> {
  const transport = createTransport(mailbox.smtpUrl);
  await transport.sendMail({
    from: "Scanmeter <hello@scanmeter.test>",
    to: "demo@scanmeter.test",
    ...mail,
  });
  transport.close();
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await mailbox.handle(new Request(`http://localhost:3000${path}`, { headers }));
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe("receiving", () => {
  test("a mail sent over SMTP is kept as it arrived and listed newest first", async () => {
    await send({ subject: "First", text: "one" });
    await send({ subject: "Second", text: "two" });

    const mails = await mailbox.list();
    expect(mails.map((mail) => mail.subject)).toEqual(["Second", "First"]);
    expect(mails[0]).toMatchObject({ to: "demo@scanmeter.test", text: "two\n" });
    expect(await readdir(dir)).toEqual(mails.map((mail) => `${mail.id}.eml`).sort());
  });

  test("only the newest mails are kept", async () => {
    for (const subject of ["1", "2", "3", "4", "5"]) await send({ subject, text: subject });
    expect((await mailbox.list()).map((mail) => mail.subject)).toEqual(["5", "4", "3"]);
    expect(await readdir(dir)).toHaveLength(3);
  });

  test("mails outlive the process", async () => {
    await send({ subject: "Kept", text: "still here" });
    await mailbox.close();
    mailbox = await openMailbox({ dir });
    expect((await mailbox.list()).map((mail) => mail.subject)).toEqual(["Kept"]);
  });

  test("a mail that is too long is refused and leaves nothing behind", async () => {
    await expect(send({ subject: "Long", text: "x".repeat(2_000_000) })).rejects.toThrow(
      /552|size/i,
    );
    expect(await mailbox.list()).toEqual([]);
  });
});

describe("showing", () => {
  test("the list and the mail show what was written, as text and never as markup", async () => {
    await send({
      subject: "<script>alert(1)</script>",
      text: "</pre><img src=x onerror=alert(2)>",
    });
    const [mail] = await mailbox.list();
    const list = await get("/sandbox/mailbox");
    const shown = await get(`/sandbox/mailbox/${mail?.id}`);

    expect(list.body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(shown.body).toContain("&lt;/pre&gt;&lt;img src=x onerror=alert(2)&gt;");
    expect(list.body + shown.body).not.toMatch(/<script|<img/);
    expect(list.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("links are listed once, and only those a browser may safely follow", async () => {
    await send({
      subject: "Links",
      text: "Verify: http://localhost:3000/verify?a=1&b=2. Or javascript:alert(1)",
      html: `<a href="http://localhost:3000/verify?a=1&amp;b=2">verify</a> <a href='javascript:alert(1)'>no</a>`,
    });
    expect((await mailbox.list())[0]?.links).toEqual(["http://localhost:3000/verify?a=1&b=2"]);
  });

  test("a mail's own HTML is framed under a policy that runs and loads nothing", async () => {
    await send({ subject: "Html", html: "<p>Hello</p><script>alert(1)</script>" });
    const [mail] = await mailbox.list();
    const shown = await get(`/sandbox/mailbox/${mail?.id}`);
    const framed = await get(`/sandbox/mailbox/${mail?.id}/html`);

    expect(shown.body).toContain(
      `<iframe title="The mail as HTML" sandbox="" src="/sandbox/mailbox/${mail?.id}/html">`,
    );
    expect(framed.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
    expect(framed.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("an id that is not one of ours reaches no file", async () => {
    for (const id of ["..%2f..%2fetc%2fpasswd", "nothing", "000000000-0000-000000000000"]) {
      expect((await get(`/sandbox/mailbox/${id}`)).status).toBe(404);
    }
  });

  test("the list is also there for programs", async () => {
    await send({ subject: "Machine", text: "http://localhost:3000/x" });
    const { body } = await get("/sandbox/mailbox", { accept: "application/json" });
    expect(JSON.parse(body)).toMatchObject([
      { subject: "Machine", links: ["http://localhost:3000/x"] },
    ]);
  });
});
