import { useSession } from "../session/session.tsx";
import { whoMay } from "./who-may-words.ts";

/** For whoever looks on: who may do it, and which of them to ask. */
export function WhoMay(props: { who: "owners" | "buyers"; to: string }) {
  const session = useSession();
  return <>{whoMay(props, session.me()?.owners ?? [])}</>;
}
