import { shellWord } from "../first-scan/runner-command.ts";

/** What to do when nothing runs, for customers who have a key. The key itself was shown once. */
export function NoScan() {
  return (
    <div class="empty">
      <p>No scan is running. A runner with one of your keys starts the next one:</p>
      <pre class="command">
        <code>
          {`SCANMETER_URL=${shellWord(window.location.origin)} SCANMETER_RUNNER_KEY=<key> \\\nnpm run runner -- run --target <address> -- <your scanner>`}
        </code>
      </pre>
    </div>
  );
}
