/** `npm run ops`: what an operator asks and does, beside a running instance or without one. */
import { type OpsEnv, readOpsEnv, readOpsPayments } from "./env.ts";
import { alertsReport, reconcileReport } from "./ops/alerts.ts";
import { BadArguments, parseRequest, type Request } from "./ops/arguments.ts";
import { type CommandAnswer, commands, type RefundInput } from "./ops/commands.ts";
import { backupReport, restoreReport } from "./ops/copies.ts";
import { withDatabase, withOperations } from "./ops/database.ts";
import { printable } from "./ops/printable.ts";
import { auditReport, explainReport, type Report } from "./ops/reports.ts";
import { askInstance } from "./ops/socket.ts";
import { verifyExportReport } from "./ops/verify-export.ts";
import { endingFor, StartFailure } from "./start-failure.ts";

async function main(): Promise<number> {
  const request = parseRequest(process.argv.slice(2));
  const report = await reportFor(request);
  process.stdout.write(`${request.isJson ? JSON.stringify(report.json, null, 2) : report.text}\n`);
  return report.exitCode;
}

function reportFor(request: Request): Promise<Report> {
  // With nothing but the file: whoever checks it need not be where the product runs.
  if (request.command === "verify-export") return verifyExportReport(request.file, request.hash);
  return answer(request, readOpsEnv());
}

type RequestOfInstance = Exclude<Request, { readonly command: "verify-export" }>;

async function answer(request: RequestOfInstance, env: OpsEnv): Promise<Report> {
  switch (request.command) {
    case "audit":
      return withDatabase(env, auditReport);
    case "alerts":
      return withDatabase(env, alertsReport);
    case "reconcile": {
      const compared = await askInstance(env.dataDir, "reconcile", {});
      if (compared !== null) return reconcileReport(compared);
      throw new StartFailure(
        "A comparison needs the running product, which asks the payment provider: npm start, then reconcile.",
      );
    }
    case "explain":
      return withDatabase(env, (database) => explainReport(database, request.account));
    case "backup":
      return backupReport(env, request.file);
    case "restore":
      return restoreReport(env, request.file, new Date());
    case "resolve":
    case "adjust":
    case "grant": {
      const { command, input } = request;
      const asked = await askInstance(env.dataDir, command, input);
      const done =
        asked ?? (await withOperations(env, (operations) => commands[command](operations, input)));
      return reportOf(done);
    }
    case "refund": {
      const { command, input } = request;
      const asked = await askInstance(env.dataDir, command, input);
      return reportOf(asked ?? (await refundWithoutInstance(env, input)));
    }
  }
}

/** What nobody answers is asked again by the next instance that runs here. */
function refundWithoutInstance(env: OpsEnv, input: RefundInput) {
  const payments = readOpsPayments();
  if (payments === null) {
    throw new StartFailure(
      "A refund needs the payment provider, which runs with the product here: npm start, then refund.",
    );
  }
  const publicUrl = () => "";
  return withOperations(env, (operations) => commands.refund(operations, input), {
    ...payments,
    publicUrl,
  });
}

function reportOf(answer: CommandAnswer): Report {
  const { said, ok } = answer;
  return { json: answer, text: printable(said), exitCode: ok ? 0 : 1 };
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    const sentence = error instanceof BadArguments ? error.message : endingFor(error)?.sentence;
    console.error(sentence ?? error);
    process.exitCode = error instanceof BadArguments ? 2 : (endingFor(error)?.exitCode ?? 1);
  },
);
