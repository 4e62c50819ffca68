/** The model test again, thoroughly: the file sees by the name of the running one how many days to live. */
import "./ledger-model.test.ts";
