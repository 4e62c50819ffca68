import type { ActivityPage, LiveFrame, Overview } from "@scanmeter/contracts/live";
import type { ScanView } from "@scanmeter/contracts/scans";
import { initTRPC, type TrackedEnvelope } from "@trpc/server";

const t = initTRPC.create();
const as = <T>() => (x: unknown) => x as T;
const p = t.procedure;
async function* frames(): AsyncGenerator<TrackedEnvelope<LiveFrame>> {}
const q = <T>() => p.query(() => ({}) as T);

export const router = t.router({
  me: q<{
    user: { id: string; name: string; email: string };
    account: { id: string; name: string; timeZone: string; currency: string };
    role: "owner" | "billing" | "member";
  }>(),
  account: t.router({
    overview: q<Overview>(),
    activity: p.input(as<{ cursor?: string; limit?: number }>()).query(() => ({}) as ActivityPage),
    live: p.input(as<{ lastEventId?: string | null | undefined }>()).subscription(frames),
  }),
  scans: t.router({
    list: q<{ items: ScanView[] }>(),
    stop: p.input(as<{ scanId: string }>()).mutation(() => ({}) as ScanView),
  }),
  targets: t.router({
    list: q<{ id: string; url: string; name: string | null; mode: "credits" | "unlimited" }[]>(),
    create: p
      .input(as<{ url: string; name?: string; mode: "credits" | "unlimited" }>())
      .mutation(() => ({}) as { id: string; url: string }),
  }),
  runnerKeys: t.router({
    list: q<{ id: string; name: string; prefix: string; revokedAt: string | null }[]>(),
    create: p
      .input(as<{ name: string }>())
      .mutation(() => ({}) as { id: string; name: string; prefix: string; secret: string }),
  }),
  sandbox: t.router({
    clock: q<{ now: string; rate: number }>(),
    info: q<{ stripeUrl: string; mailboxUrl: string }>(),
    advance: p
      .input(as<{ by: { days?: number; hours?: number } }>())
      .mutation(() => ({}) as { now: string; ran: number }),
    setRate: p.input(as<{ rate: number }>()).mutation(() => ({}) as { now: string; rate: number }),
  }),
});
export type AppRouter = typeof router;
