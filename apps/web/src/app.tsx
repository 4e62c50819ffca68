import { Router } from "@solidjs/router";
import { lazy, type ParentProps, Suspense } from "solid-js";
import { routes } from "./routes.tsx";
import { SessionProvider } from "./session/session.tsx";
import { ServerTimeProvider } from "./time/server-time.tsx";

const SandboxBar = lazy(() => import("./features/sandbox/sandbox-bar.tsx"));

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
