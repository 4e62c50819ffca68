/**
 * Makes one file of each program and whatever it takes from the workspaces, in the `dist` of the
 * folder; npm packages stay outside.
 */
export function bundle(folder: string, entries: Readonly<Record<string, string>>): Promise<void>;
