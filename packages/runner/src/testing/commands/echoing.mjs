// A scanner that gives back what it reads, notes on the side, and ends as it is told to.
import { pipeline } from "node:stream/promises";

await pipeline(process.stdin, process.stdout, { end: false });
process.stderr.write(
  `label ${process.env.SCANMETER_SCAN_ID} key ${process.env.SCANMETER_RUNNER_KEY}\n`,
);
process.exitCode = Number(process.argv[2]);
