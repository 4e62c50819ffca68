// A scanner that never ends by itself. It has a helper, as scanners do, and says who both are.
import { spawn } from "node:child_process";

const helper = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
process.stdout.write(`pids ${process.pid} ${helper.pid}\n`);
setInterval(() => process.stdout.write("."), 20);
