/**
 * The built web app, read into memory once: a few files, served without touching the disk, and
 * nothing but these files can ever be asked for.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";

interface WebFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer> | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebBuild {
  /** The answer to a path, or null for one that is not the web app's. */
  answer(path: string, acceptsGzip: boolean): Response | null;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const compressible = /^(text\/|application\/(json|manifest)|image\/svg)/;

/** Names of assets carry a hash of what is in them, so they never change. */
const HASHED = "/assets/";
const FOR_EVER = "public, max-age=31536000, immutable";
const ASK_FIRST = "no-cache";

export function loadWebBuild(dir: string): WebBuild {
  const files = new Map<string, WebFile>();
  for (const file of listFiles(dir)) {
    const path = `/${relative(dir, file).split(sep).join("/")}`;
    // What the build notes for itself.
    if (path.includes("/.")) continue;
    files.set(path, webFileOf(file, path));
  }
  const page = files.get("/index.html");
  return {
    answer(path, acceptsGzip) {
      const file = files.get(path);
      if (file !== undefined && path !== "/index.html") return responseOf(file, acceptsGzip);
      // The app's own addresses have no dot; a missing file is missing, not a page.
      if (page === undefined || extname(path) !== "" || path.startsWith(HASHED)) return null;
      return responseOf(page, acceptsGzip);
    },
  };
}

function webFileOf(file: string, path: string): WebFile {
  const body = new Uint8Array(readFileSync(file));
  const type = types[extname(file)] ?? "application/octet-stream";
  const gzipped = compressible.test(type) ? new Uint8Array(gzipSync(body, { level: 9 })) : null;
  return {
    body,
    gzipped,
    headers: {
      "content-type": type,
      "cache-control": path.startsWith(HASHED) ? FOR_EVER : ASK_FIRST,
      ...(gzipped && { vary: "accept-encoding" }),
    },
  };
}

function responseOf({ body, gzipped, headers }: WebFile, acceptsGzip: boolean): Response {
  if (gzipped === null || !acceptsGzip) return new Response(body, { headers: { ...headers } });
  return new Response(gzipped, { headers: { ...headers, "content-encoding": "gzip" } });
}

function listFiles(dir: string): string[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
