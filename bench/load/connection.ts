/**
 * One keep-alive HTTP connection over a bare socket. Node's own client costs about as much as the
 * servers that are measured here, and on a small machine it would be measured in their place.
 */
import { connect, type Socket } from "node:net";

export type OnAnswer = (status: number, body: string) => void;

const HEAD_END = "\r\n\r\n";

export class Connection {
  readonly #socket: Socket;
  #onAnswer: OnAnswer | null = null;
  #received = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#read(bytes));
    socket.on("error", () => socket.destroy());
    // Status 0: the request was not answered.
    socket.on("close", () => this.#settle(0, ""));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
      socket.once("error", reject);
    });
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** One request at a time. */
  send(request: string, onAnswer: OnAnswer): void {
    this.#onAnswer = onAnswer;
    this.#socket.write(request, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    const text = this.#received + bytes.toString("latin1");
    const headEnd = text.indexOf(HEAD_END);
    const head = headEnd < 0 ? "" : text.slice(0, headEnd);
    const bodyAt = headEnd + HEAD_END.length;
    if (headEnd < 0 || !isWhole(head, text, bodyAt)) {
      this.#received = text;
      return;
    }
    this.#received = "";
    this.#settle(Number(text.slice(9, 12)), text.slice(bodyAt));
  }

  #settle(status: number, body: string): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = null;
    onAnswer?.(status, body);
  }
}

/** There is never a second answer behind the first, because there is never a second request. */
function isWhole(head: string, text: string, bodyAt: number): boolean {
  const length = /content-length: ?(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return text.length - bodyAt >= Number(length);
  return text.endsWith("0\r\n\r\n");
}
