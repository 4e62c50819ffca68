// Stands in for a real scanner: says who it is, works for as long as it is let, and has found
// nothing when it is told that it is done. A runner that is killed cannot end it, so it looks.
const runner = process.ppid;
setInterval(() => {
  if (process.ppid !== runner) process.exit(1);
}, 100);
process.once("SIGUSR2", () => {
  process.stdout.write("found nothing\n", () => process.exit(0));
});
process.stdout.write(`scanning as ${process.pid}\n`);
