/** No more stages than are looked at at once; whoever comes again finds theirs, if nobody took its place. */
import type { Cast } from "./cast.ts";
import type { Scene } from "./scene.ts";
import { type Entered, Stage } from "./stage.ts";

export class Stages {
  readonly #place: Parameters<typeof Stage.open>[0];
  readonly #cast: Cast;
  readonly #idle: Stage[] = [];

  constructor(place: Parameters<typeof Stage.open>[0], cast: Cast) {
    this.#place = place;
    this.#cast = cast;
  }

  async show<Seen>(scene: Scene, look: (entered: Entered) => Promise<Seen>): Promise<Seen> {
    const stage = await this.#for(scene.who);
    try {
      const seen = await look(await stage.enter(scene));
      this.#idle.push(stage);
      return seen;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((stage) => stage.close()));
  }

  async #for(who: Scene["who"]): Promise<Stage> {
    const own = this.#idle.findIndex((stage) => stage.who === who);
    const [free] = this.#idle.splice(Math.max(own, 0), 1);
    if (own >= 0 && free !== undefined) return free;
    await free?.close();
    return Stage.open(this.#place, this.#cast, who);
  }
}
