import type { Place } from "../format/instants.ts";
import { useSession } from "./session.tsx";

/** Where the account is, for dates. Until that is known, where the reader is. */
export function usePlace(): () => Place {
  const session = useSession();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return () => ({ timeZone: session.me()?.account.timeZone ?? here });
}
