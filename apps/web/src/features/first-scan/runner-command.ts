/** The command line that starts a scan, ready to paste into a shell. */
export function runnerCommand(parts: {
  serverUrl: string;
  /** Null when it is not known here: it was shown once. */
  runnerKey: string | null;
  /** Null when none is chosen. */
  targetUrl: string | null;
  scanner: string;
}): string {
  const { runnerKey, targetUrl } = parts;
  return [
    `SCANMETER_URL=${shellWord(parts.serverUrl)} \\`,
    `SCANMETER_RUNNER_KEY=${runnerKey === null ? "<key>" : shellWord(runnerKey)} \\`,
    `npm run runner -- run --target ${targetUrl === null ? "<address>" : shellWord(targetUrl)} -- ${parts.scanner.trim() || "<your scanner>"}`,
  ].join("\n");
}

/** One word to a POSIX shell, whatever is in it: an address may contain & and ?. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** People type "shop.acme.com"; a target is a whole address. Undefined when it is none. */
export function targetUrlOf(typed: string): string | undefined {
  const text = typed.trim();
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (text === "" || /\s/.test(text) || !URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return url.protocol === "https:" || url.protocol === "http:" ? whole : undefined;
}
