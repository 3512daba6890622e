/** Prints the simple types of a module: `values.ts`. */

import { StructureKind } from "ts-morph";
import type { LeafModel, ModuleModel, TypeRef } from "./model.js";
import { expectations } from "./overlay.js";
import { constant, type ImportPaths, listing, literal, preamble, printFile, References, type Statement } from "./printer.js";

/** The text of `values.ts`; members of unions come before them. */
export function printValues(model: ModuleModel, paths: ImportPaths, command: string): string {
  const references = new References(model, paths);
  const statements = inOrder(model).flatMap((leaf) => printLeaf(leaf, references, model));
  const imports = references.imports().filter((line) => !line.includes('"./values.js"'));
  return printFile(preamble(model, command), imports, statements);
}

function inOrder({ leaves }: ModuleModel): LeafModel[] {
  const ordered: LeafModel[] = [];
  const visit = (leaf: LeafModel): void => {
    if (ordered.includes(leaf)) return;
    for (const ref of dependencies(leaf)) {
      const other = leaves.find(({ name }) => ref.kind === "leaf" && ref.name === name);
      if (other !== undefined) visit(other);
    }
    ordered.push(leaf);
  };
  leaves.forEach(visit);
  return ordered;
}

function dependencies({ variety }: LeafModel): readonly TypeRef[] {
  if (variety.kind === "union") return variety.members;
  return variety.kind === "restriction" ? [variety.base] : [];
}

function printLeaf(leaf: LeafModel, references: References, model: ModuleModel): Statement[] {
  const doc = documented(leaf);
  return [
    {
      kind: StructureKind.TypeAlias,
      name: leaf.name,
      type: typeText(leaf, references),
      isExported: true,
      ...(doc === "" ? {} : { docs: [{ description: `\n${doc}` }] }),
    },
    constant(
      `The values of {@link ${leaf.name}}: ${leaf.schemaName} of ${model.namespace}.`,
      leaf.name,
      `${references.bindingType("Leaf")}<${leaf.name}>`,
      `/*@__PURE__*/ ${initializer(leaf, references, expectations[`${model.name}.${leaf.name}`])}`,
    ),
  ];
}

function documented({ doc, variety }: LeafModel): string {
  const values = variety.kind === "enumeration" ? variety.values.filter((value) => value.doc !== "") : [];
  return [doc, ...values.map(({ value, doc: text }) => `- \`${value}\`: ${text}`)].filter((line) => line !== "").join("\n");
}

function typeText({ variety }: LeafModel, references: References): string {
  switch (variety.kind) {
    case "enumeration":
      return variety.values.map(({ value }) => literal(value)).join(" | ");
    case "restriction":
      return references.type(variety.base);
    case "union": {
      const members = variety.members.map((member) => references.type(member));
      return variety.open ? `${members.slice(0, 1).join(" | ")} | (string & {})` : members.join(" | ");
    }
  }
}

function initializer({ schemaName, variety }: LeafModel, references: References, expected: string | undefined): string {
  const name = literal(schemaName);
  switch (variety.kind) {
    case "enumeration":
      return `${references.binding("enumeration")}(${name}, ${listing(
        "[",
        variety.values.map(({ value }) => literal(value)),
        "]",
        "",
      )})`;
    case "restriction": {
      const patterns = variety.patterns.map((pattern) => `/${pattern.replaceAll("/", "\\/")}/u`);
      const more = expected === undefined ? (patterns.length === 0 ? [] : [patterns]) : [patterns, literal(expected)];
      const args = [name, references.value(variety.base), ...more.map((arg) => (typeof arg === "string" ? arg : `[${arg.join(", ")}]`))];
      return `${references.binding("restriction")}(${args.join(", ")})`;
    }
    case "union":
      return `${references.binding("union")}<string>(${name}, [${variety.members.map((member) => references.value(member)).join(", ")}])`;
  }
}
