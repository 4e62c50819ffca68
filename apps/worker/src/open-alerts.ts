/** How many alerts wait for an operator, read when somebody asks for the metrics. */
import { type Database, listAlerts } from "@scanmeter/db";
import { Gauge, type Registry } from "prom-client";

/** More than anybody looks at; the number stays there. */
const COUNTED_MAX = 1_000;

export function gaugeOpenAlerts(registry: Registry, database: Database): void {
  new Gauge({
    name: "open_alerts",
    help: "Alerts that wait for an operator, by kind",
    labelNames: ["kind"] as const,
    registers: [registry],
    async collect() {
      // Without an answer the gauge goes away, which can be told from nought; the other metrics stay.
      const alerts = await listAlerts(database, COUNTED_MAX).catch(() => null);
      this.reset();
      for (const { kind } of alerts ?? []) this.inc({ kind });
    },
  });
}
