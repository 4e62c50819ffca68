import { api } from "../../api/client.ts";
import { Confirmation } from "../../shell/confirmation.tsx";
import type { RunnerKey } from "./create-runner-keys.ts";

/** Revoking cannot be taken back, and cuts off whoever uses the key. */
export function RevokeKeyDialog(props: {
  runnerKey: RunnerKey | null;
  onDone: (told: string) => void;
  onClose: () => void;
}) {
  async function revoke({ id: runnerKeyId, name }: RunnerKey): Promise<void> {
    await api.runnerKeys.revoke.mutate({ runnerKeyId });
    props.onDone(`${name} is revoked.`);
  }

  return (
    <Confirmation
      about={props.runnerKey}
      isDanger
      title="Revoke this key?"
      act="Revoke the key"
      busyText="Revoking…"
      cancel="Keep the key"
      onConfirm={revoke}
      onClose={props.onClose}
    >
      {(key) => (
        <>
          <p class="breakable">
            <strong>{key().name}</strong> <code>{key().prefix}…</code>
          </p>
          <p>
            A runner that uses it is refused within seconds. A scan it is running is lost once it
            has been silent for 5 minutes; hours that start after its last sign of life are given
            back. This cannot be undone.
          </p>
        </>
      )}
    </Confirmation>
  );
}
