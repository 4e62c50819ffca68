/** Loose on purpose: only the mail that arrives proves an address. */
export function emailProblem(email: string): string | undefined {
  if (email.trim() === "") return "Enter your email.";
  return /^\S+@\S+\.\S+$/.test(email.trim())
    ? undefined
    : "This is not an email address. It looks like name@company.com.";
}
