import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Connection } from "./connection.ts";

let server: Server;
let answer: (socket: Socket) => Promise<void> | void;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("data", () => void answer(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => void server.close());

async function ask(): Promise<[status: number, body: string]> {
  const connection = await Connection.open((server.address() as AddressInfo).port);
  const answered = await new Promise<[number, string]>((resolve) => {
    connection.send("POST / HTTP/1.1\r\n\r\n", (status, body) => resolve([status, body]));
  });
  connection.close();
  return answered;
}

test("an answer that comes in pieces is one answer", async () => {
  answer = async (socket) => {
    for (const piece of ["HTTP/1.1 200 OK\r\nContent-Le", "ngth: 4\r\n\r", "\nab", "cd"]) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
  };
  expect(await ask()).toEqual([200, "abcd"]);
});

test("an answer without a length ends with its last chunk", async () => {
  answer = (socket) => {
    socket.write("HTTP/1.1 402 Payment Required\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n");
    socket.write("0\r\n\r\n");
  };
  expect((await ask())[0]).toBe(402);
});

test("a connection that breaks is told from any answer", async () => {
  answer = (socket) => void socket.destroy();
  expect(await ask()).toEqual([0, ""]);
});
