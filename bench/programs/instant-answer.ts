/** Answers every request with the same few bytes before it has read them, to find out what the load generator can do. */
import { type AddressInfo, createServer } from "node:net";
import { answerTo, cpuMicros } from "../program.ts";

const ANSWER = Buffer.from(
  "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
);
const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("data", () => socket.write(ANSWER));
  socket.on("error", () => socket.destroy());
});
const answers = {
  async open() {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port };
  },
  cpuMicros,
};
export type InstantAnswers = typeof answers;

answerTo(answers);
