/** Imports only look down: every import of the sources is held against the table of docs/architecture.md. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** For each layer, the layers and packages it may import beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  characters: [],
  turn: [],
  constants: [],
  binding: ["characters", "zod"],
  generated: ["binding", "zod"],
  xml: ["errors", "characters", "saxes"],
  codec: ["errors", "characters", "binding", "xml"],
  message: ["errors", "characters", "constants", "binding", "generated", "xml", "codec", "zod"],
  query: ["errors", "characters", "constants", "binding", "generated", "xml", "codec", "message", "re2js"],
  http: ["errors", "characters", "constants", "binding", "generated", "xml", "codec", "message"],
  storage: ["errors", "characters", "turn", "constants", "binding", "generated", "codec", "message", "kysely", "better-sqlite3", "pg"],
  client: ["errors", "characters", "constants", "binding", "generated", "xml", "codec", "message", "query", "http", "undici"],
  server: ["errors", "characters", "turn", "constants", "binding", "generated", "xml", "codec", "message", "query", "http", "storage"],
  accounts: ["errors", "message", "http", "storage", "server"],
  delivery: ["errors", "constants", "generated", "codec", "message", "http", "storage", "server", "client", "undici"],
  contract: ["errors", "constants", "generated", "index"],
  index: ["errors", "constants", "binding", "xml", "codec", "message"],
  cli: [
    "errors",
    "characters",
    "constants",
    "binding",
    "generated",
    "xml",
    "codec",
    "message",
    "query",
    "http",
    "storage",
    "client",
    "server",
    "accounts",
    "delivery",
    "contract",
    "index",
    "commander",
    "pino",
    "prom-client",
    "yaml",
    "zod",
  ],
  codegen: ["characters", "binding", "xml", "ts-morph"],
};

/** Where `node:*` and what needs it may be imported. Everything else runs in a browser. */
const onNode = /^(?:src\/cli\/|src\/client\/node\/|src\/server\/node\/|src\/storage\/sql\/|src\/accounts\/|src\/delivery\/|codegen\/)/;

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const imports: Import[] = ["src", "generated", "codegen"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .flatMap((entry) => importsOf(relative(root, join(entry.parentPath, entry.name)).split("\\").join("/"))),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = (source: string): string[] => ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
  const atRunTime = new Set(specifiers(text.replace(/^(?:import|export) type [^;]*;/gm, "")));
  return specifiers(text).map((specifier) => ({ file, specifier, typeOnly: !atRunTime.has(specifier) }));
}

function layerOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" ? second.replace(/\.ts$/, "") : top;
}

function targetOf({ file, specifier }: Import): string {
  if (!specifier.startsWith(".")) return specifier.split("/")[0] ?? "";
  return layerOf(posix.join(dirname(file), specifier).replace(/\.js$/, ".ts"));
}

describe("layers", () => {
  it("are all known", () => {
    expect([...new Set(imports.map(({ file }) => layerOf(file)))].filter((layer) => !(layer in allowed))).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it("import only what is below them", () => {
    const wrong = imports.filter((found) => {
      const [from, to] = [layerOf(found.file), targetOf(found)];
      return from !== to && !found.specifier.startsWith("node:") && !allowed[from]?.includes(to);
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it("import node:* and undici only where Node is given", () => {
    expect(imports.filter(({ file, specifier }) => /^(?:node:|undici$)/.test(specifier) && !onNode.test(file))).toEqual([]);
  });

  it("have no circles at run time", () => {
    const graph = new Map<string, string[]>();
    for (const { file, specifier, typeOnly } of imports) {
      if (typeOnly || !specifier.startsWith(".")) continue;
      graph.set(file, [...(graph.get(file) ?? []), posix.join(dirname(file), specifier).replace(/\.js$/, ".ts")]);
    }
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });
});
