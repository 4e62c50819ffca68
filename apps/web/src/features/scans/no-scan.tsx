/** What to do when nothing runs, for customers who have a key. The key itself was shown once. */
export function NoScan() {
  return (
    <div class="empty">
      <p>No scan is running. A runner with one of your keys starts the next one:</p>
      <pre class="command">
        <code>{COMMAND}</code>
      </pre>
    </div>
  );
}

const COMMAND =
  "SCANMETER_RUNNER_KEY=<key> npm run runner -- run --target <address> -- <your scanner>";
