import { createSignal } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import type { MadeKey } from "./first-scan.tsx";
import { targetUrlOf } from "./runner-command.ts";

const KEY_NAME = "First runner";

export function FirstScanForm(props: { onMade: (made: MadeKey) => void }) {
  const [typedUrl, setTypedUrl] = createSignal("");
  const [name, setName] = createSignal("");
  const url = () => targetUrlOf(typedUrl());
  const form = createSubmission({
    check: () => ({
      url: url() ? undefined : "Enter an address such as https://shop.company.com.",
    }),
    async send() {
      const wanted = url();
      if (wanted === undefined) return;
      const targetUrl = await createTargetIfMissing(wanted, name().trim());
      const key = await api.runnerKeys.create.mutate({ name: KEY_NAME });
      props.onMade({ targetUrl, secret: key.secret });
    },
  });

  return (
    <div class="first-scan">
      <h3 class="card__subtitle">Start your first scan</h3>
      <p>
        Name what to scan and get a key for your runner. The runner wraps any scanner you already
        use; each started hour costs 1 credit, at most 5 per scan.
      </p>
      <FailureNotice text={form.problem()} />
      <form class="form first-scan__form" noValidate onSubmit={form.submit}>
        <TextField
          label="Target address"
          name="url"
          type="url"
          autocomplete="off"
          placeholder="https://shop.company.com"
          value={typedUrl()}
          onInput={setTypedUrl}
          problem={form.fieldProblems().url}
        />
        <TextField
          label="Name"
          name="target-name"
          autocomplete="off"
          isOptional
          maxLength={100}
          value={name()}
          onInput={setName}
        />
        <Button type="submit" isBusy={form.isBusy()} busyText="Creating…">
          Create target and runner key
        </Button>
      </form>
    </div>
  );
}

/**
 * Answers the address as the server keeps it. A target that exists already, perhaps from a first
 * attempt whose key was not made, is as good.
 */
async function createTargetIfMissing(url: string, name: string): Promise<string> {
  try {
    const target = await api.targets.create.mutate({
      url,
      mode: "credits",
      ...(name ? { name } : {}),
    });
    return target.url;
  } catch (error) {
    const failure = callFailureOf(error);
    if (failure.is === "refused" && failure.refusal.code === "target_exists") {
      return failure.refusal.url;
    }
    throw error;
  }
}
