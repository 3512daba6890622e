/**
 * Documents with one fault each (and some that only look faulty), with the verdicts of libxml2: `validateXml` says the same.
 * Where it does not, `libxml2-disagreements.json` says why; whatever is listed there has to differ just so.
 */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { validateXml } from "../../src/message/validate-xml.js";
import disagreements from "./libxml2-disagreements.json" with { type: "json" };

const folder = new URL("../../../shared/vectors/invalid/", import.meta.url);

interface Document {
  readonly file: string;
  readonly what: string;
  readonly wellFormed: boolean;
  readonly namespaceWellFormed: boolean;
  readonly schemaValid: boolean;
}

type Verdict = Readonly<Record<"wellFormed" | "schemaValid", boolean>>;

function judge(file: string): Verdict {
  const { wellFormed, schemaValid } = validateXml(readFileSync(new URL(file, folder)), { schemaOnly: true });
  return { wellFormed, schemaValid };
}

if (!existsSync(new URL("index.json", folder))) {
  test.skip(`the documents with faults are not at ${folder.pathname}`, () => {});
} else {
  const index: { readonly documents: readonly Document[] } = JSON.parse(readFileSync(new URL("index.json", folder), "utf8"));

  describe("documents with faults", () => {
    test.each(index.documents.map((document) => [document.file, document.what, document] as const))("%s: %s", (file, _, document) => {
      const theirs: Verdict = { wellFormed: document.wellFormed && document.namespaceWellFormed, schemaValid: document.schemaValid };
      const excused = disagreements.filter((entry) => entry.file === file);
      for (const entry of excused) expect(entry.theirs, `what libxml2 says of ${entry.field}`).toBe(theirs[field(entry.field)]);
      expect(judge(file)).toEqual({ ...theirs, ...Object.fromEntries(excused.map((entry) => [entry.field, entry.ours])) });
    });
  });

  test("every disagreement is one, has a reason, and is of a document", () => {
    const files = new Set(index.documents.map(({ file }) => file));
    for (const { file, ours, theirs, reason } of disagreements) {
      expect(files).toContain(file);
      expect(ours, `${file} is no disagreement`).not.toBe(theirs);
      expect(reason).not.toBe("");
    }
  });
}

function field(name: string): keyof Verdict {
  if (name === "wellFormed" || name === "schemaValid") return name;
  throw new Error(`${name} is no part of a verdict`);
}
