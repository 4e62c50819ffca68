import { Skeleton } from "../../ui/skeleton.tsx";

/** As high as the lines that are coming, with the dates below them. */
export function ExpiryGrey(props: { rows: number }) {
  return (
    <div class="expiry-grey">
      <Skeleton what="expiry dates" rows={props.rows} look="lot-date" />
    </div>
  );
}
