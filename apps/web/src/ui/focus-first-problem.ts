/** As much of a form as is needed to find the field at fault. */
export interface Searchable {
  querySelector(selector: string): object | null;
}

/** Moves the focus to the first field with a problem, once the problems are on screen. */
export function focusFirstProblem(form: Searchable): void {
  queueMicrotask(() => {
    const field = form.querySelector("[aria-invalid=true]");
    if (field && "focus" in field && typeof field.focus === "function") field.focus();
  });
}
