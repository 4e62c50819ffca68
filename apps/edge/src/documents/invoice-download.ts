/**
 * Documents as files, for people who are signed in. Every member of the account may have them, and
 * nobody else: which account an id belongs to is part of the question the database is asked, so
 * another account's document is as missing as one that never was.
 */
import type { Operations } from "@scanmeter/operations";
import type { Sessions } from "../auth/sessions.ts";

export const INVOICES_PATH = "/export/invoices";

export interface InvoiceDownloadDeps {
  readonly operations: Pick<Operations, "findInvoicePdf">;
  readonly sessions: Pick<Sessions, "find">;
}

export type InvoiceDownload = (request: Request) => Promise<Response>;

export function invoicePathOf(invoiceId: string): string {
  return `${INVOICES_PATH}/${invoiceId}.pdf`;
}

const FILE = /^\/export\/invoices\/([A-Za-z0-9_]{1,64})\.pdf$/;

export function createInvoiceDownload(deps: InvoiceDownloadDeps): InvoiceDownload {
  return async (request) => {
    const { signedIn, setCookies } = await deps.sessions.find(request.headers.get("cookie"));
    const headers = new Headers(setCookies.map((cookie) => ["set-cookie", cookie]));
    if (signedIn === null) {
      return Response.json({ message: "Sign in to do this." }, { status: 401, headers });
    }
    const invoiceId = FILE.exec(new URL(request.url).pathname)?.[1];
    const file =
      invoiceId === undefined
        ? null
        : await deps.operations.findInvoicePdf(signedIn.account.id, invoiceId);
    if (file === null) {
      return Response.json({ message: "There is nothing here." }, { status: 404, headers });
    }
    headers.set("content-type", "application/pdf");
    headers.set("content-length", String(file.bytes.byteLength));
    headers.set("content-disposition", `attachment; filename="${file.fileName}"`);
    return new Response(file.bytes, { headers });
  };
}
