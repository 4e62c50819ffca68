/** Runs the local Stripe as a process of its own. The first line it prints says where it is. */
import { BadArguments, readEnv, USAGE } from "./env.ts";
import { createLocalStripe } from "./local-stripe.ts";

try {
  const options = readEnv();
  const stripe = await createLocalStripe(options);
  console.log(`Local Stripe ready at ${stripe.url}`);
  console.log(
    `Test payments, no money moves. State in ${options.dataDir}.${options.hasControls ? " Controls are open." : ""}`,
  );
  const stop = () => {
    process.off("SIGINT", stop).off("SIGTERM", stop).off("disconnect", stop);
    stripe.close().catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  // Whoever started us with a channel and is gone can no longer stop us.
  if (process.connected) process.on("disconnect", stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof BadArguments) console.error(USAGE);
  process.exitCode = 1;
}
