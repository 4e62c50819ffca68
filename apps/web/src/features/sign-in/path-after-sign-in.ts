const HOME = "/account";
/** Only used to see where a path would lead; no request is made to it. */
const HERE = "https://here.invalid";

/** Where `?next=` leads. It comes from the address bar, so only a path of this site is followed. */
export function pathAfterSignIn(next: string | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, HERE)) return HOME;
  const url = new URL(next, HERE);
  // A path may turn into "//elsewhere" only once its dots are resolved.
  if (url.origin !== HERE || url.pathname.startsWith("//")) return HOME;
  if (url.pathname.startsWith("/sign-")) return HOME;
  return url.pathname + url.search + url.hash;
}

/** From signing in to signing up and back, the place to go afterwards is kept. */
export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?${new URLSearchParams({ next })}`;
}
