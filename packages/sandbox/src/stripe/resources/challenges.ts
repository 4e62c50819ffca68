/** A bank's page that waits for the customer. It belongs to one attempt, and its address is its only key. */
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { HERE, type World } from "../world.ts";

export interface Challenge extends Resource {
  /** The payment or set-up intent. */
  intent: string;
  /** Null where the caller meant to stay on its own page. */
  returnUrl: string | null;
  isOpen: boolean;
}

export function openChallenge(
  world: World,
  given: { intent: string; returnUrl: string | null },
): Challenge {
  const challenge = { id: newId("chal"), object: "challenge", ...given, isOpen: true };
  return world.store.insert(challenge, world.clock.seconds());
}

export function closeChallenge(world: World, id: string): void {
  const challenge = world.store.find<Challenge>("challenge", id);
  if (challenge !== undefined) world.store.save({ ...challenge, isOpen: false });
}

export function nextActionFor({ id, returnUrl }: Challenge): object {
  const url = `${HERE}/authenticate/${id}`;
  return returnUrl === null
    ? {
        type: "use_stripe_sdk",
        use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url },
      }
    : { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } };
}
