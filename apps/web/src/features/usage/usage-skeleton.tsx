import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";

/** The section before its file or its figures are here. */
export function UsageSkeleton() {
  return (
    <div class="card">
      <h2 class="card__title">Use and forecast</h2>
      <UsageGrey />
    </div>
  );
}

/** As high as the drawing, or as the sentence that stood in its place last time. */
export function UsageGrey() {
  const isDrawn = rememberedRows(USAGE, DRAWN) === DRAWN;
  return <Skeleton what="what was used" rows={1} look={isDrawn ? "chart" : "sentence"} />;
}

const USAGE = "usage";
const DRAWN = 2;

export function rememberDrawn(isDrawn: boolean): void {
  rememberRows(USAGE, isDrawn ? DRAWN : 1);
}
