/**
 * Writes docs/conformance.md: which tests prove which requirement.
 *
 *   node scripts/conformance.mjs           writes the file
 *   node scripts/conformance.mjs --check   fails when the file is not up to date
 *
 * A test proves a requirement when the requirement's id stands in brackets in the title of the test, or of a group around it:
 * nothing else in the tests looks like that.
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = "docs/conformance.md";

const groups = {
  HTTP: "HTTP protocol binding",
  XML: "XML message binding",
  SVC: "Services and exchanges",
  CB: "Content bindings, subtypes, nesting",
  QRY: "Query and Default Query",
  SIG: "Digital signatures",
  SEC: "Security",
  VER: "Versions, identifiers, conformance",
};

const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** @returns {{ id: string, level: string, binds: string, taxii: string }[]} */
export const requirements = () => read("test/conformance/requirements.json");

/** Reasons, by id: why a requirement does not apply, comes later, or is not met. */
export const reasons = () => read("test/conformance/not-applicable.json");

/** The files that cite each id, by id. */
export function citations() {
  const cited = new Map();
  for (const file of testFiles(join(root, "test"))) {
    for (const id of citedIn(readFileSync(file, "utf8"))) {
      const files = cited.get(id) ?? new Set();
      cited.set(id, files.add(relative(root, file).replaceAll("\\", "/")));
    }
  }
  return new Map([...cited].map(([id, files]) => [id, [...files].sort()]));
}

function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (entry.name.endsWith(".test.ts")) yield path;
  }
}

function* citedIn(source) {
  for (const [, id] of source.matchAll(/\[([A-Z]+-[A-Z]+-\d{3})\]/g)) yield id;
}

/** What is shown for a requirement, and under which heading it counts. */
function stateOf(requirement, cited, { notApplicable, later, open }) {
  const files = cited.get(requirement.id);
  if (requirement.id in open) return ["open", `*open*: ${open[requirement.id]}`];
  if (files !== undefined)
    return ["tested", files.map((file) => `[${file.replace(/^test\//, "").replace(/\.test\.ts$/, "")}](../${file})`).join(", ")];
  if (requirement.id in notApplicable) return ["not applicable", `not applicable: ${notApplicable[requirement.id]}`];
  if (requirement.id in later) return ["later", `*later*: ${later[requirement.id]}`];
  return ["open", "*open*"];
}

/** The text of docs/conformance.md. */
export function render() {
  const cited = citations();
  const given = reasons();
  const rows = requirements().map((requirement) => ({ ...requirement, state: stateOf(requirement, cited, given) }));
  const tables = Object.entries(groups).map(([prefix, name]) =>
    table(
      name,
      rows.filter(({ id }) => id.startsWith(`${prefix}-`)),
    ),
  );
  return `${heading(rows)}\n${tables.join("\n")}`;
}

function heading(rows) {
  const states = ["tested", "later", "not applicable", "open"];
  const counts = Object.entries(groups).map(([prefix, name]) => {
    const own = rows.filter(({ id }) => id.startsWith(`${prefix}-`));
    return [`${name} (\`${prefix}\`)`, own.length, ...states.map((state) => own.filter((row) => row.state[0] === state).length)];
  });
  const total = ["**Total**", rows.length, ...states.map((state) => rows.filter((row) => row.state[0] === state).length)];
  return `# Conformance

Which tests prove which requirement of TAXII 1.0, TAXII 1.1 and Default Query. Made by \`node scripts/conformance.mjs\`; do not edit.

A requirement has an id, a level (RFC 2119; *DECIDE* where the texts leave open what to do), who is bound by it, and the
versions it is for. Tests name the ids in their titles. *later* are requirements that are not met yet, each with what is missing.

| Group | Requirements | Tested | Later | Not applicable | Open |
| --- | --- | --- | --- | --- | --- |
${[...counts, total].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}
`;
}

function table(name, rows) {
  const lines = rows.map(({ id, level, binds, taxii, state }) => `| ${id} | ${level} | ${binds} | ${taxii} | ${state[1]} |`);
  return `## ${name}

| Id | Level | Binds | TAXII | Tests |
| --- | --- | --- | --- | --- |
${lines.join("\n")}
`;
}

/** Ids that tests or reasons name and that do not exist. */
export function unknownIds() {
  const known = new Set(requirements().map(({ id }) => id));
  return [...citations().keys(), ...Object.values(reasons()).flatMap(Object.keys)].filter((id) => !known.has(id));
}

function main() {
  const unknown = unknownIds();
  if (unknown.length > 0) throw new Error(`there are no such requirements: ${unknown.join(", ")}`);
  const path = join(root, target);
  const text = render();
  if (!process.argv.includes("--check")) {
    writeFileSync(path, text);
    return;
  }
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.error(`${target} is not up to date. Run: node scripts/conformance.mjs`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();
