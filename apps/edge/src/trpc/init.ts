/** The two doorways and what every call passes on its way in. */
import { getTRPCErrorFromUnknown, initTRPC, TRPCError } from "@trpc/server";
import type { Context } from "./context.ts";
import { errorShapeOf } from "./error-shape.ts";
import { refusedError } from "./refusals.ts";

const t = initTRPC.context<Context>().create({
  // Subscriptions go over WebSocket only, where their number is limited.
  sse: { enabled: false },
  // Otherwise the stack of every error is put together outside of production, and told to nobody.
  isDev: false,
  errorFormatter: ({ error, path, ctx }) =>
    errorShapeOf(error, { path, requestId: ctx?.requestId }),
});

export const { router } = t;

/**
 * A procedure that counts its calls, limits its subscriptions and knows who calls. One middleware for
 * all three, because tRPC copies everything a call comes with several times for each.
 */
function doorway<Caller extends object>(callerOf: (ctx: Context) => Promise<Caller> | Caller) {
  return t.procedure.use(async ({ ctx, path, type, signal, next }) => {
    const end = ctx.services.calls.begin(path);
    let release: (() => void) | null = null;
    try {
      if (type === "subscription") release = holdSubscription(ctx, signal);
      const result = await next({ ctx: await callerOf(ctx) });
      // One that began is over when its signal says so; one that was refused never began.
      if (result.ok && signal?.aborted === false && release !== null) {
        signal.addEventListener("abort", release, { once: true });
      } else release?.();
      end(result.ok ? "ok" : result.error.code);
      return result;
    } catch (error) {
      release?.();
      end(getTRPCErrorFromUnknown(error).code);
      throw error;
    }
  });
}

function holdSubscription({ connection, services }: Context, signal: AbortSignal | undefined) {
  if (connection === null || signal === undefined) {
    throw new TRPCError({
      code: "METHOD_NOT_SUPPORTED",
      message: "Subscriptions are answered over WebSocket only.",
    });
  }
  const max = services.limits.subscriptionsPerSocketMax;
  const release = connection.holdSubscription(max);
  if (release === null) {
    throw refusedError({ code: "too_many", what: "subscriptions on one connection", max });
  }
  return release;
}

/** For procedures that everybody may call. */
export const openProcedure = doorway(() => ({}));

async function personOf(ctx: Context) {
  const signedIn = await ctx.signedIn();
  if (signedIn === null) {
    throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in to do this." });
  }
  const { user, account, role, sessionToken } = signedIn;
  return { user, account, role, accountId: account.id, acting: { userId: user.id, sessionToken } };
}

/** A person in the web app, for what does not depend on the account they act for. */
export const personProcedure = doorway(personOf);

/**
 * A person in the web app, acting for the account they are a member of. A page that was left open
 * while another tab chose another account commands nothing there, and a socket hears of the account it was
 * opened for alone.
 */
export const customerProcedure = doorway(async (ctx) => {
  const person = await personOf(ctx);
  if (ctx.meantAccountId !== null && ctx.meantAccountId !== person.accountId) {
    throw refusedError({ code: "account_changed" });
  }
  return person;
});

/** What only an owner may do; the others look on. */
export const ownerProcedure = customerProcedure.use(({ ctx, next }) => {
  if (ctx.role !== "owner") throw refusedError({ code: "forbidden", role: ctx.role });
  return next();
});

/** A scan runner with its key, acting for the account the key belongs to. */
export const runnerProcedure = doorway(async (ctx) => {
  const runner = await ctx.runner();
  if (runner === null) {
    throw new TRPCError({ code: "UNAUTHORIZED", message: "This needs a valid runner key." });
  }
  return { accountId: runner.accountId, runnerKeyId: runner.runnerKeyId };
});
