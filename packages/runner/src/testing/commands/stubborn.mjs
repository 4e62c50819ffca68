// A scanner that does not care to be asked.
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => process.stdout.write(`ignored ${signal}\n`));
}
process.stdout.write(`pids ${process.pid}\n`);
setInterval(() => {}, 1_000);
