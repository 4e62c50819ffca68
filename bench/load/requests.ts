/** What to ask: JSON commands, asked round and round, each with a number of its own where it says so. */
export interface Command {
  readonly authorization?: string;
  /** JSON. `$n` becomes a number that was never sent before. */
  readonly body: string;
}

let sent = 0;

export function requestMaker(path: string, commands: readonly Command[]): () => string {
  const heads = new Map<string | undefined, string>();
  let at = 0;
  return () => {
    const command = commands[at++ % commands.length];
    if (command === undefined) throw new Error("There is nothing to ask.");
    const { authorization } = command;
    let head = heads.get(authorization);
    if (head === undefined) {
      head = headOf(path, authorization);
      heads.set(authorization, head);
    }
    const body = command.body.replace("$n", () => `${process.pid}-${++sent}`);
    return `${head}content-length: ${body.length}\r\n\r\n${body}`;
  };
}

function headOf(path: string, authorization: string | undefined): string {
  const said = authorization === undefined ? "" : `authorization: ${authorization}\r\n`;
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${said}content-type: application/json\r\n`;
}
