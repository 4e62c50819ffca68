import { Navigate } from "@solidjs/router";
import { Match, Switch } from "solid-js";
import { Unreachable } from "../shell/unreachable.tsx";
import { useSession } from "./session.tsx";

/** `/` is a crossroads: Account Overview for whoever is signed in, the way in for everybody else. */
export function Home() {
  const session = useSession();
  return (
    <Switch>
      <Match when={session.state().is === "signed-in"}>
        <Navigate href="/account" />
      </Match>
      <Match when={session.state().is === "signed-out"}>
        <Navigate href="/sign-in" />
      </Match>
      <Match when={session.state().is === "unreachable"}>
        <Unreachable />
      </Match>
    </Switch>
  );
}
