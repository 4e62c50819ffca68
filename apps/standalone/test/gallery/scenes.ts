/** Every page in every state. What is added to the web app is added here. */
import type { Scene } from "./scene.ts";
import { entrance } from "./scenes/entrance.ts";
import { money } from "./scenes/money.ts";
import { overview } from "./scenes/overview.ts";
import { records } from "./scenes/records.ts";
import { scanning } from "./scenes/scanning.ts";

export const scenes: readonly Scene[] = [
  ...entrance,
  ...overview,
  ...scanning,
  ...money,
  ...records,
];
