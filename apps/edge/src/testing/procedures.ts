import type { AnyProcedure } from "@trpc/server";
import type { ZodType } from "zod";
import { type AppRouter, sandboxedRouter } from "../trpc/router.ts";

type Record_ = AppRouter["_def"]["record"];

type PathsOf<Routes, Prefix extends string = ""> = {
  [Key in keyof Routes & string]: Routes[Key] extends AnyProcedure
    ? `${Prefix}${Key}`
    : PathsOf<Routes[Key], `${Prefix}${Key}.`>;
}[keyof Routes & string];

/** Every procedure there is. A table over it does not compile until a new one has its row. */
export type ProcedurePath = PathsOf<Record_>;

export interface KnownProcedure {
  readonly path: ProcedurePath;
  readonly type: "query" | "mutation" | "subscription";
  readonly input: ZodType;
}

export const procedures: readonly KnownProcedure[] = Object.entries(
  sandboxedRouter._def.procedures as unknown as Record<string, AnyProcedure>,
).map(([path, { _def }]) => ({
  path: path as ProcedurePath,
  type: _def.type,
  input: (_def as unknown as { inputs: ZodType[] }).inputs[0] as ZodType,
}));

export const isRunners = (path: string): boolean => path.startsWith("runner.");
export const isSandboxes = (path: string): boolean => path.startsWith("sandbox.");
