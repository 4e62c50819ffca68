/** The command line that starts a scan, ready to paste into a shell. */
export function runnerCommand(parts: {
  serverUrl: string;
  runnerKey: string;
  targetUrl: string;
  scanner: string;
}): string {
  return [
    `SCANMETER_URL=${shellWord(parts.serverUrl)} \\`,
    `SCANMETER_RUNNER_KEY=${shellWord(parts.runnerKey)} \\`,
    `npm run runner -- run --target ${shellWord(parts.targetUrl)} -- ${parts.scanner.trim() || "<your scanner>"}`,
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
