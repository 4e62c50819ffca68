/** One page in one state, as data: who looks, where, and what the network does to it. */
import type { Page } from "playwright-core";
import type { Cast } from "./cast.ts";

export interface Scene {
  /** Also the name of its pictures. */
  readonly name: string;
  /** Nobody is signed out. */
  readonly who?: keyof Cast;
  readonly path: string | ((cast: Cast) => string | Promise<string>);
  /** It is there once this can be seen. */
  readonly shows: string;
  /** Questions to the server that are never answered. */
  readonly held?: RegExp;
  /** Questions that never reach the server. */
  readonly cut?: RegExp;
  /** What is done on the page, once it is there, to bring about what is to be seen. */
  readonly act?: (page: Page) => Promise<void>;
}
