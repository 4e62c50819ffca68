import { createEffect, createSignal, Show } from "solid-js";
import { auth } from "../../api/auth.ts";
import { emailProblem } from "../../format/email.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { createAuthForm } from "./create-auth-form.ts";
import { Entrance } from "./entrance.tsx";

export default function ForgotPasswordPage() {
  const [email, setEmail] = createSignal("");
  const [sentTo, setSentTo] = createSignal<string | null>(null);
  let answer: HTMLParagraphElement | undefined;

  const form = createAuthForm({
    check: () => ({ email: emailProblem(email()) }),
    send: () =>
      auth.requestPasswordReset({
        email: email().trim(),
        redirectTo: `${window.location.origin}/reset-password`,
      }),
    onDone: () => void setSentTo(email().trim()),
  });

  // The form that had the focus is gone; the answer takes it.
  createEffect(() => {
    if (sentTo()) answer?.focus();
  });

  return (
    <Entrance
      title="Reset your password"
      footer={
        <>
          Remembered it? <a href="/sign-in">Sign in</a>
        </>
      }
    >
      <Show
        when={sentTo() === null}
        fallback={
          <>
            <p ref={answer} tabIndex={-1} role="status">
              If there is an account for <strong>{sentTo()}</strong>, a mail with a link is on its
              way. The link works once and for one hour.
            </p>
            <p class="form__aside">
              Nothing after a few minutes? Look among unwanted mail, or{" "}
              <button type="button" class="link" onClick={() => setSentTo(null)}>
                try another address
              </button>
              .
            </p>
          </>
        }
      >
        <p class="entrance__intro">We send you a link with which you choose a new password.</p>
        <FailureNotice text={form.problem()} />
        <form class="form" noValidate onSubmit={form.submit}>
          <TextField
            label="Email"
            name="email"
            type="email"
            autocomplete="username"
            value={email()}
            onInput={setEmail}
            problem={form.fieldProblems().email}
          />
          <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Sending…">
            Send the link
          </Button>
        </form>
      </Show>
    </Entrance>
  );
}
