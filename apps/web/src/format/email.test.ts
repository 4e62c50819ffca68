import { expect, test } from "vitest";
import { emailProblem } from "./email.ts";

test("an address needs something on both sides of its @ and a dot after it", () => {
  for (const bad of ["", " ", "ann", "ann@", "@acme.com", "ann@acme", "a b@acme.com"]) {
    expect(emailProblem(bad), bad).toBeDefined();
  }
  for (const good of ["ann@acme.com", " ann+scan@mail.acme.co.uk "]) {
    expect(emailProblem(good), good).toBeUndefined();
  }
});

test("an address the server would not take is told beside its field", () => {
  for (const bad of ["a..b@acme.com", ".ann@acme.com", "ann@acme..com", "ann@acme.c"]) {
    expect(emailProblem(bad), bad).toBeDefined();
  }
});
