import { useSession } from "../session/session.tsx";
import { Button } from "../ui/button.tsx";

/** Instead of a page, when the server has not said yet who is signed in. */
export function Unreachable() {
  const session = useSession();
  return (
    <main class="lonely">
      <h1 class="page-heading">The server does not answer</h1>
      <p>This page tries again by itself and opens as soon as it can.</p>
      <Button look="primary" onClick={() => void session.load()}>
        Try now
      </Button>
    </main>
  );
}
