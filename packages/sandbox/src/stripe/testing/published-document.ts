/**
 * Holds every request and every answer against the published description of the API, where it lies
 * beside the repository. Without it the shapes are checked in the few places the tests name.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parseForm, type Raw } from "../api/form.ts";

const FOLDER = fileURLToPath(new URL("../../../../../../shared/stripe/", import.meta.url));
const DOCUMENT = `${FOLDER}openapi-trimmed.json`;
const CARDS = `${FOLDER}test-payment-methods.json`;

export const isDocumentHere = existsSync(DOCUMENT);

type Schema = Record<string, unknown>;
interface Operation {
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly "x-query-schema"?: Schema;
  readonly responses: { 200: { content: Record<string, { schema: Schema }> } };
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema> };
}

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly status: number;
  readonly isReplay: boolean;
  readonly answer: unknown;
}

export interface PublishedDocument {
  /** What is wrong with it, in words; empty if nothing is. */
  violationsOf(exchange: Exchange): string[];
  violationsOfEvent(event: unknown): string[];
  /** The parameters the document knows for an operation, or null if it does not know that. */
  parametersOf(method: string, path: string): readonly string[] | null;
}

export function readDocument(): PublishedDocument {
  const text = readFileSync(DOCUMENT, "utf8");
  const settings = { strict: false, allErrors: true, validateFormats: false } as const;
  const open = JSON.parse(text) as Document;
  const requests = new Ajv2020({ ...settings, coerceTypes: "array" });
  requests.addSchema({ $id: "stripe", ...open });
  const answers = new Ajv2020(settings);
  answers.addSchema({ $id: "stripe", ...closed(JSON.parse(text) as Document) });
  const compiled = new Map<string, ValidateFunction>();

  function check(ajv: Ajv2020, ref: string, value: unknown, what: string): string[] {
    const key = `${ajv === requests ? "request" : "answer"} ${ref}`;
    const validate = compiled.get(key) ?? ajv.compile({ $ref: `stripe${ref}` });
    compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(0, 5)
      .map(
        ({ instancePath, message, params }) =>
          `${what} ${instancePath}: ${message} ${JSON.stringify(params)}`,
      );
  }

  function operationAt(method: string, path: string) {
    const isPath = (pattern: string) =>
      new RegExp(`^${pattern.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path);
    // A name wins over a placeholder, as `search` does over an id.
    const pattern = Object.keys(open.paths).sort().filter(isPath).at(-1);
    const operation = pattern === undefined ? undefined : open.paths[pattern]?.[method];
    return operation && { operation, at: `#/paths/${pointerOf(pattern ?? "")}/${method}` };
  }

  return {
    violationsOf({ method, url, body, status, answer }) {
      const { pathname, search } = new URL(url);
      const what = `${method} ${pathname}`;
      if (status !== 200)
        return check(answers, "#/components/schemas/ErrorEnvelope", answer, `${what} ${status}`);
      const found = operationAt(method.toLowerCase(), pathname);
      if (found === undefined) return [`${what} is not in the document`];
      const isPost = method.toLowerCase() === "post";
      const params = arraysIn(parseForm(isPost ? body : search));
      const ref = isPost
        ? "/requestBody/content/application~1x-www-form-urlencoded/schema"
        : "/x-query-schema";
      return [
        ...check(requests, found.at + ref, params, `request ${what}`),
        ...check(
          answers,
          `${found.at}/responses/200/content/application~1json/schema`,
          answer,
          what,
        ),
      ];
    },
    violationsOfEvent: (event) =>
      check(answers, "#/components/schemas/Event", event, `event ${JSON.stringify(typeOf(event))}`),
    parametersOf(method, path) {
      const found = operationAt(method, path.replaceAll(/:\w+/g, "x"));
      if (found === undefined) return null;
      const { requestBody, "x-query-schema": query } = found.operation;
      const schema =
        requestBody?.content["application/x-www-form-urlencoded"]?.schema ?? query ?? {};
      const name = String(schema.$ref ?? "").replace("#/components/schemas/", "");
      const resolved = open.components.schemas[name] ?? schema;
      return Object.keys((resolved.properties as Schema | undefined) ?? {});
    },
  };
}

export interface PublishedCard {
  readonly payment_method: string | null;
  readonly number: string;
  readonly charge?: string;
  readonly attach?: boolean;
  readonly code?: string;
  readonly decline_code?: string | null;
}

export function readPublishedCards(): PublishedCard[] {
  return (JSON.parse(readFileSync(CARDS, "utf8")) as { payment_methods: PublishedCard[] })
    .payment_methods;
}

/** The document lets answers carry more than it names; we make nothing up, so ours may not. */
function closed(document: Document): Document {
  const close = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const schema = value as Schema;
    if (schema.type === "object" && schema.properties !== undefined)
      schema.additionalProperties ??= false;
    for (const inner of Object.values(schema)) close(inner);
  };
  close(document.components.schemas);
  return document;
}

/** In a form, a list is an object whose names are its places. */
function arraysIn(raw: Raw): unknown {
  if (typeof raw === "string") return raw;
  const entries = Object.entries(raw).map(([name, value]) => [name, arraysIn(value)] as const);
  const isList = entries.length > 0 && entries.every(([name], at) => name === String(at));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

const pointerOf = (path: string) => path.replaceAll("~", "~0").replaceAll("/", "~1");
const typeOf = (event: unknown) => (event as { type?: unknown } | null)?.type;
