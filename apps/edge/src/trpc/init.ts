/** The two doorways and what every call passes on its way in. */
import { initTRPC, TRPCError } from "@trpc/server";
import type { Context } from "./context.ts";
import { errorShapeOf } from "./error-shape.ts";
import { refusedError } from "./refusals.ts";

const t = initTRPC.context<Context>().create({
  // Subscriptions go over WebSocket only, where their number is limited.
  sse: { enabled: false },
  errorFormatter: ({ error, path, ctx }) =>
    errorShapeOf(error, { path, requestId: ctx?.requestId }),
});

export const { router } = t;

const counted = t.middleware(async ({ ctx, path, next }) => {
  const end = ctx.services.calls.begin(path);
  const result = await next();
  end(result.ok ? "ok" : result.error.code);
  return result;
});

const limited = t.middleware(async ({ ctx, type, signal, next }) => {
  if (type !== "subscription") return next();
  if (ctx.connection === null || signal === undefined) {
    throw new TRPCError({
      code: "METHOD_NOT_SUPPORTED",
      message: "Subscriptions are answered over WebSocket only.",
    });
  }
  const max = ctx.services.limits.subscriptionsPerSocketMax;
  const release = ctx.connection.holdSubscription(max);
  if (release === null) {
    throw refusedError({ code: "too_many", what: "subscriptions on one connection", max });
  }
  const result = await next();
  // One that began is over when its signal says so; one that was refused never began.
  if (result.ok && !signal.aborted) signal.addEventListener("abort", release, { once: true });
  else release();
  return result;
});

/** For procedures that everybody may call. */
export const openProcedure = t.procedure.use(counted).use(limited);

/** A person in the web app, acting for the account they are a member of. */
export const customerProcedure = openProcedure.use(async ({ ctx, next }) => {
  const signedIn = await ctx.signedIn();
  if (signedIn === null) {
    throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in to do this." });
  }
  const { user, account, role } = signedIn;
  return next({ ctx: { user, account, role, accountId: account.id } });
});

/** What only an owner may do; the others look on. */
export const ownerProcedure = customerProcedure.use(({ ctx, next }) => {
  if (ctx.role !== "owner") throw refusedError({ code: "forbidden", role: ctx.role });
  return next();
});

/** A scan runner with its key, acting for the account the key belongs to. */
export const runnerProcedure = openProcedure.use(async ({ ctx, next }) => {
  const runner = await ctx.runner();
  if (runner === null) {
    throw new TRPCError({ code: "UNAUTHORIZED", message: "This needs a valid runner key." });
  }
  return next({ ctx: { accountId: runner.accountId, runnerKeyId: runner.runnerKeyId } });
});
