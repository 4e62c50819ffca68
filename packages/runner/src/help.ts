export const helpText = `scanmeter-runner: run any scanner as a metered Scanmeter scan

  scanmeter-runner run --target <id|url> [--label <text>] -- <command> [args...]
  scanmeter-runner targets

run starts a scan of the target, runs the command, freezes and thaws it as the
scan is paused and resumed, stops it when the scan is stopped, and reports how
it ended. The command's input, output and exit code are passed through; the
runner's own words go to standard error and start with "scanmeter: ".
targets lists what can be scanned.

  --target <id|url>  what is scanned: the id or the url of a target
  --label <text>     a note shown beside the scan
  --grace <seconds>  from SIGTERM to SIGKILL when the scan is stopped (10)
  --url <url>        where Scanmeter is       (SCANMETER_URL, http://localhost:3000)
  --key <key>        the runner key           (SCANMETER_RUNNER_KEY; prefer this, as
                     other users of a machine can see command lines)
  --help, --version

A scan costs 1 credit per started hour, at most 5. Exit codes: the command's
own; 128+n if signal n ended it; 2 wrong usage; 3 not enough credits to start;
4 Scanmeter does not answer or refuses; 126 and 127 the command cannot be run.
`;
