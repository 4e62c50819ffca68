import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { auth } from "../../api/auth.ts";
import { Button } from "../../ui/button.tsx";
import { PasswordField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { createAuthForm } from "./create-auth-form.ts";
import { newPasswordProblem, passwordHint } from "./entered-details.ts";
import { Entrance } from "./entrance.tsx";

/** Where the link of the mail ends: with `?token=`, or with `?error=` when it was too late. */
export default function ResetPasswordPage() {
  const navigate = useNavigate();
  const [query] = useSearchParams<{ token?: string; error?: string }>();
  const [password, setPassword] = createSignal("");

  const form = createAuthForm({
    check: () => ({ password: newPasswordProblem(password()) }),
    send: () => auth.resetPassword({ newPassword: password(), token: query.token ?? "" }),
    onDone: () => navigate("/sign-in?notice=password-changed", { replace: true }),
  });

  return (
    <Entrance title="Choose a new password" footer={<a href="/sign-in">Back to sign-in</a>}>
      <Show
        when={query.token && !query.error}
        fallback={
          <>
            <Notice tone="failure">
              This link is incomplete, has expired or was already used.
            </Notice>
            <a class="button button--primary" href="/forgot-password">
              Ask for a new link
            </a>
          </>
        }
      >
        <Show when={form.problem()}>
          {(problem) => (
            <Notice tone="failure">
              {problem()} <a href="/forgot-password">Ask for a new link</a>
            </Notice>
          )}
        </Show>
        <form class="form" noValidate onSubmit={form.submit}>
          <PasswordField
            label="New password"
            name="new-password"
            autocomplete="new-password"
            value={password()}
            onInput={setPassword}
            hint={passwordHint(form.fieldProblems())}
            problem={form.fieldProblems().password}
          />
          <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Saving…">
            Save the new password
          </Button>
        </form>
      </Show>
    </Entrance>
  );
}
