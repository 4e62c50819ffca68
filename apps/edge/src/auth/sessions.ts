/**
 * Who a cookie stands for, with the account their session acts for. Believed for two seconds at most, so that
 * somebody who signed out elsewhere is out everywhere in time; at once, where they signed out here.
 */
import { isTimeZone } from "@scanmeter/core/calendar";
import type { Membership } from "@scanmeter/db";
import type { Operations } from "@scanmeter/operations";
import type { EdgeLimits } from "../limits.ts";
import type { Auth } from "./auth.ts";

export interface SignedIn extends Membership {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  /** Names the session in the database. It never leaves the process. */
  readonly sessionToken: string;
}

export interface SessionAnswer {
  readonly signedIn: SignedIn | null;
  /** The library renews a session that is used; the renewed cookie has to reach the browser. */
  readonly setCookies: readonly string[];
}

interface Believed {
  readonly until: number;
  readonly answer: Promise<SessionAnswer>;
}

interface SessionsDeps {
  readonly auth: Auth;
  readonly operations: Operations;
  readonly limits: EdgeLimits;
}

/** Enough for everybody who is active within two seconds; beyond it the oldest are read again. */
const BELIEVED_MAX = 10_000;

const nobody: SessionAnswer = { signedIn: null, setCookies: [] };

export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #believed = new Map<string, Believed>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /** Whose session a cookie header holds. The zone is where a new customer's account lives. */
  async find(header: string | null | undefined, timeZone?: string): Promise<SessionAnswer> {
    const cookie = sessionCookieOf(header ?? "");
    if (cookie === null) return nobody;
    const now = performance.now();
    const known = this.#believed.get(cookie);
    if (known && known.until > now) return known.answer;
    const answer = this.#read(cookie, timeZone);
    this.#believe(cookie, { until: now + this.#deps.limits.sessionBelievedMs, answer });
    return answer;
  }

  /** Everything is read again: somebody signed in or out, joined or left, or acts for another account. */
  forget(): void {
    this.#believed.clear();
  }

  async #read(cookie: string, timeZone: string | undefined): Promise<SessionAnswer> {
    const { auth, operations } = this.#deps;
    const { headers, response } = await auth.api.getSession({
      headers: new Headers({ cookie }),
      returnHeaders: true,
    });
    if (response === null) return nobody;
    const { id, name, email } = response.user;
    const { token: sessionToken } = response.session;
    const membership =
      (await operations.findMembership(id, { sessionToken })) ??
      (await operations.openAccount({ userId: id, name, timeZone: knownZone(timeZone) }));
    return {
      signedIn: { ...membership, user: { id, name, email }, sessionToken },
      setCookies: headers.getSetCookie(),
    };
  }

  #believe(cookie: string, believed: Believed): void {
    // Re-inserted, so that the map's order is the order of reading and the first key the oldest.
    this.#believed.delete(cookie);
    this.#believed.set(cookie, believed);
    believed.answer.catch(() => {
      if (this.#believed.get(cookie) === believed) this.#believed.delete(cookie);
    });
    if (this.#believed.size <= BELIEVED_MAX) return;
    for (const oldest of this.#believed.keys()) {
      this.#believed.delete(oldest);
      return;
    }
  }
}

/** A zone nobody knows is none; the account then lives in UTC until its owner says otherwise. */
function knownZone(timeZone: string | undefined): string | undefined {
  return timeZone !== undefined && isTimeZone(timeZone) ? timeZone : undefined;
}

const OURS = /^(?:__Secure-)?scanmeter\.(session_token|dont_remember)=.{1,512}$/;

/**
 * The part of the header that the session depends on, each cookie once, so that what is believed of
 * it does not depend on anything else a browser sends along.
 */
function sessionCookieOf(header: string): string | null {
  const found = new Map<string, string>();
  for (const cookie of header.split(";")) {
    const [text, name] = OURS.exec(cookie.trim()) ?? [];
    if (text !== undefined && name !== undefined && !found.has(name)) found.set(name, text);
  }
  return found.has("session_token") ? [...found.values()].join("; ") : null;
}
