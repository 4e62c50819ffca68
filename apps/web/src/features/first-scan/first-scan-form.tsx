import { createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { Button } from "../../ui/button.tsx";
import { focusFirstProblem, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { MadeKey } from "./first-scan.tsx";
import { targetUrlOf } from "./runner-command.ts";

const KEY_NAME = "First runner";

export function FirstScanForm(props: { onMade: (made: MadeKey) => void }) {
  const [typedUrl, setTypedUrl] = createSignal("");
  const [name, setName] = createSignal("");
  const [urlProblem, setUrlProblem] = createSignal<string>();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isBusy, setBusy] = createSignal(false);

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    setProblem(null);
    const url = targetUrlOf(typedUrl());
    setUrlProblem(url ? undefined : "Enter an address such as https://shop.company.com.");
    if (!url) return focusFirstProblem(event.currentTarget);

    setBusy(true);
    try {
      const targetUrl = await createTargetIfMissing(url, name().trim());
      const key = await api.runnerKeys.create.mutate({ name: KEY_NAME });
      props.onMade({ targetUrl, secret: key.secret });
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

  return (
    <div class="first-scan">
      <h3 class="card__subtitle">Start your first scan</h3>
      <p>
        Name what to scan and get a key for your runner. The runner wraps any scanner you already
        use; each started hour costs 1 credit, at most 5 per scan.
      </p>
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
      <form class="form first-scan__form" noValidate onSubmit={submit}>
        <TextField
          label="Target address"
          name="url"
          type="url"
          autocomplete="off"
          placeholder="https://shop.company.com"
          value={typedUrl()}
          onInput={setTypedUrl}
          problem={urlProblem()}
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
        <Button type="submit" isBusy={isBusy()} busyText="Creating…">
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
