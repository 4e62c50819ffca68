import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { auth } from "../../api/auth.ts";
import { emailProblem } from "../../format/email.ts";
import { useSession } from "../../session/session.tsx";
import { Button } from "../../ui/button.tsx";
import { PasswordField, TextField } from "../../ui/field.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { createAuthForm } from "./create-auth-form.ts";
import { presentPasswordProblem } from "./entered-details.ts";
import { Entrance } from "./entrance.tsx";
import { pathAfterSignIn, withNext } from "./path-after-sign-in.ts";

const notices: Record<string, string> = {
  "signed-out": "You have been signed out. Sign in again to continue.",
  "password-changed": "Your password is changed. Sign in with the new one.",
};

export default function SignInPage() {
  const session = useSession();
  const navigate = useNavigate();
  const [query] = useSearchParams<{ next?: string; notice?: string }>();
  const [email, setEmail] = createSignal("");
  const [password, setPassword] = createSignal("");

  const form = createAuthForm({
    check: () => ({
      email: emailProblem(email()),
      password: presentPasswordProblem(password()),
    }),
    send: () => auth.signIn({ email: email().trim(), password: password() }),
    async onDone() {
      // Read before: whoever is signed in is led on at once, and then the address is another one.
      const path = pathAfterSignIn(query.next);
      await session.load();
      navigate(path, { replace: true });
    },
  });

  return (
    <Entrance
      title="Sign in"
      letsSignedInPass
      footer={
        <>
          New here? <a href={withNext("/sign-up", query.next)}>Create an account</a>
        </>
      }
    >
      <Show when={!form.problem() && notices[query.notice ?? ""]}>
        {(text) => <Notice tone="news">{text()}</Notice>}
      </Show>
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
        <PasswordField
          label="Password"
          name="password"
          autocomplete="current-password"
          value={password()}
          onInput={setPassword}
          problem={form.fieldProblems().password}
        />
        <p class="form__aside">
          <a href="/forgot-password">Forgotten your password?</a>
        </p>
        <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Signing in…">
          Sign in
        </Button>
      </form>
    </Entrance>
  );
}
