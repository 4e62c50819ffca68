/**
 * Finds a program that npm cannot bring, and installs it where that is possible
 * without asking: as root on a Debian-like system, which is what a container or
 * a CI machine is.
 */
import { findOnPath, run, Stop } from "./command.mjs";

const PROGRAMS = {
  chromium: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
};

/**
 * @param {keyof typeof PROGRAMS} name the Debian package
 * @returns {Promise<string>} the program's path
 */
export async function ensureSystemPackage(name) {
  const programs = PROGRAMS[name];
  const present = findOnPath(...programs);
  if (present) return present;

  const isRoot = process.getuid?.() === 0;
  if (isRoot && findOnPath("apt-get")) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], { env });
  }
  const installed = findOnPath(...programs);
  if (installed) return installed;
  throw new Stop(
    `${name} is needed and was not found: install it with your package manager (looked for ${programs.join(", ")} on PATH).`,
  );
}
