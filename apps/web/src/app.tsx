import { Router } from "@solidjs/router";
import { type ParentProps, Suspense } from "solid-js";
import { routes } from "./routes.tsx";
import { SessionProvider } from "./session/session.tsx";
import { ServerTimeProvider } from "./time/server-time.tsx";
import { later } from "./ui/later.ts";

const SandboxBar = later(() => import("./features/sandbox/sandbox-bar.tsx"));

export function App() {
  return <Router root={Root}>{routes}</Router>;
}

function Root(props: ParentProps) {
  return (
    <ServerTimeProvider>
      <SessionProvider>
        <Suspense>{props.children}</Suspense>
        <Suspense>
          <SandboxBar />
        </Suspense>
      </SessionProvider>
    </ServerTimeProvider>
  );
}
