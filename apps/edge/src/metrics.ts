import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Labels come from closed lists only: what a client makes up never becomes a time series. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: "scanmeter_http_request_seconds",
      help: "Time to answer HTTP requests.",
      labelNames: ["route", "method", "status"] as const,
      buckets: SECONDS,
      registers,
    }),
    callSeconds: new Histogram({
      name: "scanmeter_call_seconds",
      help: "Time to answer tRPC calls, over HTTP and WebSocket.",
      labelNames: ["path", "outcome"] as const,
      buckets: SECONDS,
      registers,
    }),
    sockets: new Gauge({
      name: "scanmeter_sockets",
      help: "Open WebSockets.",
      registers,
    }),
    subscriptions: new Gauge({
      name: "scanmeter_subscriptions",
      help: "Open subscriptions.",
      registers,
    }),
    upgradesRefused: new Counter({
      name: "scanmeter_upgrades_refused_total",
      help: "WebSocket upgrades that were refused.",
      labelNames: ["status"] as const,
      registers,
    }),
    socketsEnded: new Counter({
      name: "scanmeter_sockets_ended_total",
      help: "WebSockets that the server ended.",
      labelNames: ["reason"] as const,
      registers,
    }),
    frameReads: new Counter({
      name: "scanmeter_live_reads_total",
      help: "Reads of an account for its live feed.",
      registers,
    }),
    framesSent: new Counter({
      name: "scanmeter_live_frames_total",
      help: "Frames handed to feeds.",
      registers,
    }),
    frameEncodings: new Counter({
      name: "scanmeter_live_encodings_total",
      help: "Frames turned into JSON; one per change, however many sockets show it.",
      registers,
    }),
  };
}
