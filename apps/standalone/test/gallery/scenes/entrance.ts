/** The way in, for whoever is not signed in yet. */
import type { Scene } from "../scene.ts";

export const entrance: readonly Scene[] = [
  { name: "sign-in", path: "/sign-in", shows: "text=Forgotten your password?" },
  {
    name: "sign-in-refused",
    path: "/sign-in",
    async act(page) {
      await page.getByLabel("Email", { exact: true }).fill("nobody@northgate.test");
      await page.getByLabel("Password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
    },
    shows: "[role=alert]",
  },
  { name: "sign-in-next", path: "/account", shows: "text=Forgotten your password?" },
  { name: "sign-up", path: "/sign-up", shows: "text=Create your account" },
  {
    name: "sign-up-problems",
    path: "/sign-up",
    act: (page) => page.getByRole("button", { name: "Create account" }).click(),
    shows: "[aria-invalid=true]",
  },
  { name: "forgot-password", path: "/forgot-password", shows: "text=Reset your password" },
  {
    name: "forgot-password-sent",
    path: "/forgot-password",
    async act(page) {
      await page.getByLabel("Email", { exact: true }).fill("somebody@northgate.test");
      await page.getByRole("button", { name: "Send the link" }).click();
    },
    shows: "text=/a mail with a link is on its way/",
  },
  {
    name: "reset-password",
    path: "/reset-password?token=abc",
    shows: "text=Choose a new password",
  },
  { name: "not-found", path: "/no-such-page", shows: "text=There is no page here" },
  {
    name: "unreachable",
    who: "regular",
    path: "/account",
    cut: /\/trpc\//,
    shows: "text=The server does not answer",
  },
];
