import type { DocumentView } from "@scanmeter/contracts/checkout";
import { documentViewOf } from "../../documents/document-view.ts";
import { nothing } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";

/** Every member may see what the account was billed; only paying takes more. */
export const invoicesRouter = router({
  /** The newest first. */
  list: customerProcedure
    .input(nothing)
    .query(
      async ({ ctx }): Promise<DocumentView[]> =>
        (await ctx.services.operations.listInvoices(ctx.accountId)).map(documentViewOf),
    ),
});
