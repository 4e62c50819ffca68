export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Hands a message to whatever carries mail here; it settles when the message was taken over. */
export type Mail = (message: MailMessage) => Promise<void>;
