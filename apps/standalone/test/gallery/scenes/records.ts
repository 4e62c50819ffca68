/** What happened, what was told, and how the account is set up: activity, notices, settings and team. */
import type { Scene } from "../scene.ts";

const ACTIVITY = /\/trpc\/[^?]*account\.activity/;
const NOTICES = /\/trpc\/[^?]*notices\.list/;
const TEAM = /\/trpc\/[^?]*members\.list/;
const PREFERENCES = /\/trpc\/[^?]*notices\.preferences/;

export const records: readonly Scene[] = [
  { name: "activity", who: "regular", path: "/activity", shows: ".posting__text" },
  {
    name: "activity-explained",
    who: "regular",
    path: "/activity",
    act: (page) => page.locator(".posting__text").nth(2).click(),
    shows: ".posting__details, .posting-details, details[open]",
  },
  {
    name: "activity-filtered",
    who: "regular",
    path: "/activity?kinds=hours",
    shows: ".posting__text",
  },
  {
    name: "activity-nothing-found",
    who: "regular",
    path: "/activity?kinds=hours&to=2001-01-01",
    shows: "text=/Nothing was booked that fits this choice/",
  },
  {
    name: "activity-empty",
    who: "newcomer",
    path: "/activity",
    shows: "text=Nothing has happened yet.",
  },
  {
    name: "activity-loading",
    who: "regular",
    path: "/activity",
    held: ACTIVITY,
    shows: ".skeleton",
  },
  {
    name: "activity-failed",
    who: "regular",
    path: "/activity",
    cut: ACTIVITY,
    shows: "text=The activity could not be loaded.",
  },
  { name: "notices", who: "regular", path: "/notices", shows: ".notices__title" },
  { name: "notices-empty", who: "newcomer", path: "/notices", shows: "text=No notices yet." },
  { name: "notices-loading", who: "regular", path: "/notices", held: NOTICES, shows: ".skeleton" },
  {
    name: "notices-failed",
    who: "regular",
    path: "/notices",
    cut: NOTICES,
    shows: "text=The notices could not be loaded.",
  },
  { name: "notice-settings", who: "regular", path: "/settings/notices", shows: "text=Save" },
  {
    name: "notice-settings-failed",
    who: "regular",
    path: "/settings/notices",
    cut: PREFERENCES,
    shows: "text=/could not be loaded/",
  },
  {
    name: "notice-settings-member",
    who: "mate",
    path: "/settings/notices",
    shows: "text=Save",
  },
  { name: "settings", who: "regular", path: "/settings", shows: "text=Save" },
  { name: "settings-member", who: "mate", path: "/settings", shows: "text=/Only owners/" },
  { name: "team", who: "regular", path: "/settings/team", shows: "text=Ines" },
  { name: "team-member", who: "mate", path: "/settings/team", shows: "text=Ada Marsh" },
  { name: "team-alone", who: "newcomer", path: "/settings/team", shows: "text=Noor Haddad" },
  { name: "team-loading", who: "regular", path: "/settings/team", held: TEAM, shows: ".skeleton" },
  {
    name: "team-failed",
    who: "regular",
    path: "/settings/team",
    cut: TEAM,
    shows: "text=The team could not be loaded.",
  },
  {
    name: "join",
    who: "invited",
    path: async ({ invited }) => `/join/${await invited.readsInvitation()}`,
    shows: "text=Invited by",
  },
  {
    name: "join-signed-out",
    path: async ({ invited }) => `/join/${await invited.readsInvitation()}`,
    shows: "text=Somebody invited you",
  },
  { name: "join-unknown", who: "newcomer", path: "/join/nothing", shows: "[role=alert], .notice" },
  {
    name: "team-role-dialog",
    who: "regular",
    path: "/settings/team",
    act: (page) =>
      page
        .getByRole("button", { name: /^Change role/ })
        .first()
        .click(),
    shows: "dialog[open]",
  },
  {
    name: "team-remove-dialog",
    who: "regular",
    path: "/settings/team",
    act: (page) =>
      page
        .getByRole("button", { name: /^Remove/ })
        .first()
        .click(),
    shows: "dialog[open]",
  },
  {
    name: "team-invite-problem",
    who: "regular",
    path: "/settings/team",
    act: (page) => page.getByRole("button", { name: /^Send the invitation/ }).click(),
    shows: "[aria-invalid=true]",
  },
];
