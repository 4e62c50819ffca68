import type { ParentProps } from "solid-js";
import { zoneName } from "../format/instants.ts";
import { useSession } from "../session/session.tsx";
import { PageHeading } from "../ui/page-heading.tsx";

/**
 * The top of a page: what it is, below that the account it is about or the zone of its times, and at
 * the right what can be done or whether it is live. Who is signed in may come later than the page.
 */
export function PageTop(props: ParentProps<{ title: string; below: "account" | "times" }>) {
  const session = useSession();
  const below = () => {
    const account = session.me()?.account;
    if (account === undefined) return "\u00a0";
    return props.below === "account" ? account.name : `Times in ${zoneName(account.timeZone)}`;
  };
  return (
    <div class="page-top">
      <div>
        <PageHeading title={props.title} />
        <p class="page-top__account">{below()}</p>
      </div>
      {props.children}
    </div>
  );
}
