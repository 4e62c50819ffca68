/**
 * Which address shows what. Account Overview is in the first file, because it is what most people
 * come for and a second file would make them wait twice; every other page is loaded when needed.
 */
import { Navigate, type RouteDefinition } from "@solidjs/router";
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
  { path: "/join/:token", component: lazy(() => import("./features/team/join-page.tsx")) },
  {
    path: "/switch/:accountId",
    component: lazy(() => import("./features/team/switch-account-page.tsx")),
  },
  {
    path: "/",
    component: Shell,
    children: [
      { path: "/account", component: OverviewPage },
      { path: "/scans", component: lazy(() => import("./features/scans/scans-page.tsx")) },
      { path: "/scans/:scanId", component: lazy(() => import("./features/scans/scan-page.tsx")) },
      { path: "/targets", component: lazy(() => import("./features/targets/targets-page.tsx")) },
      { path: "/runner-keys", component: () => <Navigate href="/settings/runner-keys" /> },
      { path: "/activity", component: lazy(() => import("./features/activity/activity-page.tsx")) },
      { path: "/notices", component: lazy(() => import("./features/notices/notices-page.tsx")) },
      {
        path: "/",
        component: lazy(() => import("./shell/settings-frame.tsx")),
        children: [
          {
            path: "/settings",
            component: lazy(() => import("./features/settings/settings-page.tsx")),
          },
          {
            path: "/settings/team",
            component: lazy(() => import("./features/team/team-page.tsx")),
          },
          {
            path: "/billing",
            component: lazy(() => import("./features/billing/billing-page.tsx")),
          },
          {
            path: "/settings/billing",
            component: lazy(() => import("./features/billing/billing-settings-page.tsx")),
          },
          {
            path: "/settings/runner-keys",
            component: lazy(() => import("./features/runner-keys/runner-keys-page.tsx")),
          },
          {
            path: "/settings/notices",
            component: lazy(() => import("./features/notices/preferences-page.tsx")),
          },
        ],
      },
      {
        path: "/top-ups/:topUpId/confirm",
        component: lazy(() => import("./features/confirm-purchase/confirm-purchase-page.tsx")),
      },
      {
        path: "/checkout",
        component: lazy(() => import("./features/checkout/checkout-frame.tsx")),
        children: [
          { path: "/", component: () => <Navigate href="/checkout/order" /> },
          { path: "/order", component: lazy(() => import("./features/checkout/order-page.tsx")) },
          {
            path: "/billing",
            component: lazy(() => import("./features/checkout/billing-page.tsx")),
          },
          {
            path: "/confirmation",
            component: lazy(() => import("./features/checkout/confirmation-page.tsx")),
          },
        ],
      },
    ],
  },
  { path: "*", component: lazy(() => import("./shell/not-found-page.tsx")) },
];
