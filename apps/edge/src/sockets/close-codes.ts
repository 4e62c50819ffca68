/** Why the server closed a socket. Clients come back after any of them; what they are told then differs. */
export const closeCodes = {
  /** The process goes away or the socket is old: come back, nothing is wrong. */
  comeBack: 1012,
  /** The session ended, the key was revoked, or nobody ever said who they are. */
  signedOut: 4401,
  /** The session acts for another account: chosen by its person, or because they were removed from this one. */
  otherAccount: 4403,
  /** Nothing was said in time. */
  tooQuiet: 4408,
  /** More messages than any page or runner sends. */
  tooChatty: 4429,
} as const;

export type CloseReason = keyof typeof closeCodes;
