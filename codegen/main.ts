#!/usr/bin/env node
/** The command: `npm run generate [-- --check]` within this package, `taxii-codegen FILE.xsd… --module NAME --out DIR` elsewhere. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { modules } from "./config.js";
import type { GeneratedFile, SchemaSource } from "./index.js";
import { generateStixNames } from "./stix-names.js";

const usage = `Usage:
  taxii-codegen FILE.xsd… --module NAME… --out DIR [--check]
  npm run generate [-- --check]        (within the taxii package)

Writes TypeScript types, tables and zod validators for XML schemas. The schemas may import
those of TAXII 1.0, 1.1, Default Query and XML signatures, which need not be named.

  --module NAME   name of the module, one per schema, in their order
  --out DIR       folder to write to; one folder per module within it when there are several
  --check         write nothing; exit with 1 and name the files that differ
  --help          this text
`;

const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(start: string): string {
  return existsSync(join(start, "schemas")) || dirname(start) === start ? start : findRoot(dirname(start));
}

function readSource(path: string, shown: string): SchemaSource {
  return { file: shown, bytes: readFileSync(path) };
}

const ownSources = (): SchemaSource[] => modules.map(({ schema }) => readSource(join(packageRoot, "schemas", schema), `schemas/${schema}`));

const stixNames = (): GeneratedFile => {
  const file = "schemas/stix-names.txt";
  return generateStixNames({ file, text: readFileSync(join(packageRoot, file), "utf8") }, "npm run generate");
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { module: { type: "string", multiple: true }, out: { type: "string" }, check: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { generate, generateOwn } = await loadGenerator();
  if (positionals.length === 0 && values.module === undefined && values.out === undefined) {
    return finish([...generateOwn(ownSources()), stixNames()], join(packageRoot, "generated"), values.check ?? false, "npm run generate");
  }
  const names = values.module ?? [];
  if (positionals.length === 0 || values.out === undefined || names.length !== positionals.length) {
    process.stderr.write(`Schemas, as many --module, and --out are needed.\n\n${usage}`);
    return 2;
  }
  const command = `taxii-codegen ${positionals.map((path) => basename(path)).join(" ")} ${names.map((name) => `--module ${name}`).join(" ")} --out ${values.out}`;
  const files = generate({ schemas: positionals.map((path) => readSource(path, basename(path))), own: ownSources(), names, command });
  return finish(files, values.out, values.check ?? false, command);
}

async function loadGenerator(): Promise<typeof import("./index.js")> {
  try {
    return await import("./index.js");
  } catch (error) {
    if (error instanceof Error && error.message.includes("ts-morph")) {
      throw new Error("the generator needs ts-morph: npm install --save-dev ts-morph", { cause: error });
    }
    throw error;
  }
}

function finish(files: readonly GeneratedFile[], folder: string, check: boolean, command: string): number {
  if (check) return report(files, folder, command);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return 0;
}

function report(files: readonly GeneratedFile[], folder: string, command: string): number {
  const wanted = new Set(files.map(({ path }) => path));
  const differing = files.filter(({ path, text }) => !existsSync(join(folder, path)) || readFileSync(join(folder, path), "utf8") !== text);
  const left = existsSync(folder) ? filesWithin(folder).filter((path) => !wanted.has(path)) : [];
  const paths = [...differing.map(({ path }) => path), ...left];
  if (paths.length === 0) return 0;
  const shown = paths.map((path) => `  ${relative(process.cwd(), join(folder, path))}\n`).join("");
  process.stderr.write(`Not what the schemas give:\n${shown}Run: ${command}\n`);
  return 1;
}

function filesWithin(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split("\\").join("/"));
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
