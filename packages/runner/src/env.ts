/** The only reader of the environment. */
export interface Environment {
  readonly url: string;
  readonly key: string | undefined;
  readonly searchPath: string;
  /**
   * What a wrapped command inherits: everything but the runner key, which a scanner has no use for
   * and might log.
   */
  readonly forCommand: NodeJS.ProcessEnv;
}

export function readEnvironment(): Environment {
  const { SCANMETER_RUNNER_KEY, ...forCommand } = process.env;
  return {
    url: process.env.SCANMETER_URL || "http://localhost:3000",
    key: SCANMETER_RUNNER_KEY || undefined,
    searchPath: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    forCommand,
  };
}
