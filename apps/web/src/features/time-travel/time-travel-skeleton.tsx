import { Skeleton } from "../../ui/skeleton.tsx";

/** The section before its file is here. */
export function TimeTravelSkeleton() {
  return (
    <div class="card">
      <h2 class="card__title">Balance on another day</h2>
      <Skeleton what="the balance on another day" rows={1} look="day" />
    </div>
  );
}
