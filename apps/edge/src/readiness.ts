export interface Readiness {
  readonly status: "ready" | "not ready";
  readonly database: boolean;
  readonly queue: boolean;
  /** One sentence, when it is not. */
  readonly reason?: string;
}

/** A part that does not answer within this time counts as away. */
const ANSWER_WITHIN_MS = 2_000;

const away = { database: false, queue: false };

/** Whether this process should be sent anybody. */
export async function readinessOf(
  ask: () => Promise<{ readonly database: boolean; readonly queue: boolean }>,
  { isDraining }: { readonly isDraining: boolean },
): Promise<Readiness> {
  const parts = await withinTime(ask().catch(() => away));
  const reason = reasonOf(parts, isDraining);
  return { status: reason === null ? "ready" : "not ready", ...parts, ...(reason && { reason }) };
}

function reasonOf({ database, queue }: typeof away, isDraining: boolean): string | null {
  if (isDraining) return "The process is shutting down.";
  if (!database) return "The database does not answer.";
  if (!queue) return "The queue does not answer.";
  return null;
}

async function withinTime(parts: Promise<typeof away>): Promise<typeof away> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof away>((resolve) => {
    timer = setTimeout(() => resolve(away), ANSWER_WITHIN_MS);
  });
  return Promise.race([parts, late]).finally(() => clearTimeout(timer));
}
