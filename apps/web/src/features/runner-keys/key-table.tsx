import { Show } from "solid-js";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import type { RunnerKey } from "./create-runner-keys.ts";
import { lastUsedInWords } from "./key-words.ts";

/** Keys of one kind: those that work, or those that no longer do. */
export function KeyTable(props: {
  caption: string;
  keys: readonly RunnerKey[];
  /** Null for whoever may not, and where there is nothing left to revoke. */
  onRevoke: ((key: RunnerKey) => void) | null;
}) {
  const areRevoked = () => props.keys.some(({ revokedAt }) => revokedAt !== null);
  return (
    <table class="table keys__table">
      <caption class="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Begins with</th>
          <th scope="col">Created</th>
          <th scope="col">Last used</th>
          <Show when={areRevoked()}>
            <th scope="col">Revoked</th>
          </Show>
          <Show when={props.onRevoke}>
            <th scope="col">
              <span class="visually-hidden">Revoke</span>
            </th>
          </Show>
        </tr>
      </thead>
      <tbody>
        <KeyedFor each={props.keys} by={({ id }) => id}>
          {(key) => <KeyRow runnerKey={key()} onRevoke={props.onRevoke} />}
        </KeyedFor>
      </tbody>
    </table>
  );
}

function KeyRow(props: { runnerKey: RunnerKey; onRevoke: ((key: RunnerKey) => void) | null }) {
  const place = usePlace();
  const time = useServerTime();
  const instant = (at: string) => (
    <time dateTime={at}>{shortInstant(Date.parse(at), place())}</time>
  );
  return (
    <tr>
      <th scope="row" class="keys__name">
        {props.runnerKey.name}
      </th>
      <td data-label="Begins with">
        <code>{props.runnerKey.prefix}…</code>
      </td>
      <td data-label="Created">{instant(props.runnerKey.createdAt)}</td>
      <td data-label="Last used">
        <span
          title={
            props.runnerKey.lastUsedAt
              ? shortInstant(Date.parse(props.runnerKey.lastUsedAt), place())
              : undefined
          }
        >
          {lastUsedInWords(props.runnerKey.lastUsedAt, time.now())}
        </span>
      </td>
      <Show when={props.runnerKey.revokedAt}>
        {(at) => <td data-label="Revoked">{instant(at())}</td>}
      </Show>
      <Show when={props.onRevoke}>
        {(revoke) => (
          <td class="keys__act">
            <Button size="small" onClick={() => revoke()(props.runnerKey)}>
              Revoke<span class="visually-hidden"> {props.runnerKey.name}</span>
            </Button>
          </td>
        )}
      </Show>
    </tr>
  );
}
