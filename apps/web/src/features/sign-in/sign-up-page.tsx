import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal } from "solid-js";
import { auth } from "../../api/auth.ts";
import { emailProblem } from "../../format/email.ts";
import { useSession } from "../../session/session.tsx";
import { Button } from "../../ui/button.tsx";
import { PasswordField, TextField } from "../../ui/field.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { createAuthForm } from "./create-auth-form.ts";
import { nameProblem, newPasswordProblem, passwordHint } from "./entered-details.ts";
import { Entrance } from "./entrance.tsx";
import { pathAfterSignIn, withNext } from "./path-after-sign-in.ts";

export default function SignUpPage() {
  const session = useSession();
  const navigate = useNavigate();
  const [query] = useSearchParams<{ next?: string }>();
  const [name, setName] = createSignal("");
  const [email, setEmail] = createSignal("");
  const [password, setPassword] = createSignal("");

  const form = createAuthForm({
    check: () => ({
      name: nameProblem(name()),
      email: emailProblem(email()),
      password: newPasswordProblem(password()),
    }),
    send: () => auth.signUp({ name: name().trim(), email: email().trim(), password: password() }),
    async onDone() {
      // Read before: whoever is signed in is led on at once, and then the address is another one.
      const path = pathAfterSignIn(query.next);
      await session.load();
      navigate(path, { replace: true });
    },
  });

  return (
    <Entrance
      title="Create your account"
      intro="Prepaid credits for security scans, metered by the hour. You pay for started hours, at most five per scan."
      letsSignedInPass
      footer={
        <>
          Have an account already? <a href={withNext("/sign-in", query.next)}>Sign in</a>
        </>
      }
    >
      <FailureNotice text={form.problem()} />
      <form class="form" noValidate onSubmit={form.submit}>
        <TextField
          label="Your name"
          name="name"
          autocomplete="name"
          maxLength={100}
          value={name()}
          onInput={setName}
          problem={form.fieldProblems().name}
        />
        <TextField
          label="Work email"
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
          autocomplete="new-password"
          value={password()}
          onInput={setPassword}
          hint={passwordHint(form.fieldProblems())}
          problem={form.fieldProblems().password}
        />
        <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Creating account…">
          Create account
        </Button>
      </form>
    </Entrance>
  );
}
