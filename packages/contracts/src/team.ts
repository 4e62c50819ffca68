/** Who acts for an account, who was asked to, and which accounts somebody acts for. */
/** What a member may do: `owner` everything, `billing` what concerns money, `member` scanning and looking. */
export type Role = "owner" | "billing" | "member";

export interface MemberView {
  userId: string;
  name: string;
  email: string;
  role: Role;
  isYou: boolean;
}

/** An invitation nobody has answered yet. Its secret is in the mail alone. */
export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  invitedAt: string;
  /** After this instant the mailed link opens nothing. */
  expiresAt: string;
}

export interface TeamView {
  members: MemberView[];
  /** Only owners see them. */
  invitations: InvitationView[];
}

/** What the holder of a mailed link is asked, before they answer. */
export interface InvitationOffer {
  accountName: string;
  invitedBy: string;
  /** As much of it as its owner needs to recognise it, when somebody else is signed in. */
  email: string;
  role: Role;
  expiresAt: string;
  /** Whether it was sent to the address that is signed in; nobody else can accept it. */
  isForYou: boolean;
}

export interface OwnAccountView {
  id: string;
  name: string;
  role: Role;
  /** Whether this session acts for it. */
  isActive: boolean;
}
