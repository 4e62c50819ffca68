/**
 * The auth library follows each of its calls with AsyncLocalStorage. The first one switches on the
 * runtime's promise hooks, and from then on every promise of the process pays for them, though next to
 * none belongs to an auth call. So they are switched off again whenever the last auth call has ended.
 */
import {
  getCurrentAuthContextAsyncLocalStorage,
  getCurrentDBAdapterAsyncLocalStorage,
  getRequestStateAsyncLocalStorage,
} from "@better-auth/core/context";

const storages = await Promise.all([
  getCurrentAuthContextAsyncLocalStorage(),
  getCurrentDBAdapterAsyncLocalStorage(),
  getRequestStateAsyncLocalStorage(),
]);

let callsInFlight = 0;

/** Every call of the library goes through here: switching off takes what it remembers from any other. */
export async function followed<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  callsInFlight += 1;
  try {
    return await call();
  } finally {
    callsInFlight -= 1;
    if (callsInFlight === 0) for (const storage of storages) storage.disable();
  }
}
