/**
 * Which address shows what. Account Overview is in the first file, because it is what most people
 * come for and a second file would make them wait twice; every other page is loaded when needed.
 */
import type { RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";
import { OverviewPage } from "./features/overview/overview-page.tsx";
import { Home } from "./session/home.tsx";
import { Shell } from "./shell/shell.tsx";

export const routes: RouteDefinition[] = [
  { path: "/", component: Home },
  { path: "/sign-in", component: lazy(() => import("./features/sign-in/sign-in-page.tsx")) },
  { path: "/sign-up", component: lazy(() => import("./features/sign-in/sign-up-page.tsx")) },
  {
    path: "/forgot-password",
    component: lazy(() => import("./features/sign-in/forgot-password-page.tsx")),
  },
  {
    path: "/reset-password",
    component: lazy(() => import("./features/sign-in/reset-password-page.tsx")),
  },
  {
    path: "/",
    component: Shell,
    children: [{ path: "/account", component: OverviewPage }],
  },
  { path: "*", component: lazy(() => import("./shell/not-found-page.tsx")) },
];
