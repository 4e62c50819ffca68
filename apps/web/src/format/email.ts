/** What the server takes for an address; only the mail that arrives proves one. */
const address = /^(?!\.)(?!.*\.\.)[\w'+.-]*[\w+-]@(?:[a-z\d][a-z\d-]*\.)+[a-z]{2,}$/i;

export function emailProblem(email: string): string | undefined {
  if (email.trim() === "") return "Enter your email.";
  return address.test(email.trim())
    ? undefined
    : "This is not an email address. It looks like name@company.com.";
}
