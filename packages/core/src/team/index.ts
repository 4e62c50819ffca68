/** The people of an account. It brings the calendar along, so it has an entrance of its own. */
export * from "./account-settings.ts";
export * from "./invitations.ts";
export * from "./members.ts";
export * from "./team.ts";
