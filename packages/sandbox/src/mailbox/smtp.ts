/** The receiving end: SMTP on a free loopback port, without TLS or sign-in, for this machine only. */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";

export interface SmtpServer {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
const MAIL_BYTES_MAX = 1024 * 1024;
const CLIENTS_MAX = 20;

export async function startSmtpServer(
  deliver: (raw: Uint8Array) => Promise<string>,
): Promise<SmtpServer> {
  const server = new SMTPServer({
    banner: "Scanmeter sandbox",
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    size: MAIL_BYTES_MAX,
    maxClients: CLIENTS_MAX,
    closeTimeout: 1_000,
    onData: (stream, _session, callback) => {
      receive(stream)
        .then(deliver)
        .then(
          (id) => callback(null, `kept as ${id}`),
          (error: Error) => callback(error),
        );
    },
  });
  // A client that hangs up in the middle is its own business; without a listener it would end us.
  server.on("error", () => {});

  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${HOST}:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

// The stream is read to its end even when it is too long, because the protocol answers only then.
async function receive(stream: SMTPServerDataStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (stream.sizeExceeded) {
    throw Object.assign(new Error(`A mail may have ${MAIL_BYTES_MAX} bytes.`), {
      responseCode: 552,
    });
  }
  return Buffer.concat(chunks);
}
