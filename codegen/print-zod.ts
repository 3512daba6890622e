/** Prints the validators of a module: `zod.ts`. */

import type { Model } from "../src/binding/content-model.js";
import type { ElementModel, FieldModel, ModuleModel, ShapeModel, TypeRef } from "./model.js";
import { constant, type ImportPaths, literal, preamble, printFile, References } from "./printer.js";

/** The text of `zod.ts`. A validator comes behind those it is made of; only recursion is lazy. */
export function printZod(model: ModuleModel, paths: ImportPaths, command: string): string {
  const printer = new ZodPrinter(model, new References(model, paths));
  const statements = printer.statements();
  const types = model.shapes.map(({ name }) => name).sort();
  const imports = [
    `import { z } from "zod";`,
    ...printer.references.imports(),
    `import type { ${types.join(", ")} } from "./messages.js";`,
  ];
  return printFile(preamble(model, command), imports, statements);
}

class ZodPrinter {
  readonly references: References;
  readonly #model: ModuleModel;
  readonly #printed = new Set<string>();
  readonly #open = new Set<string>();
  readonly #statements: string[] = [];

  constructor(model: ModuleModel, references: References) {
    this.#model = model;
    this.references = references;
  }

  statements(): string[] {
    for (const shape of this.#model.shapes) this.#print(shape);
    return this.#statements;
  }

  #print(shape: ShapeModel): void {
    if (this.#printed.has(shape.name) || this.#open.has(shape.name)) return;
    this.#open.add(shape.name);
    const initializer = this.#object(shape);
    this.#open.delete(shape.name);
    this.#printed.add(shape.name);
    this.#statements.push(constant(`Validates a {@link ${shape.name}}.`, `${shape.name}Schema`, `z.ZodType<${shape.name}>`, initializer));
  }

  #object(shape: ShapeModel): string {
    const type = shape.role === "message" ? [`$type: z.literal(${literal(`${this.#model.name}.${shape.name}`)})`] : [];
    const lines = [...type, ...shape.fields.map((field) => `${field.property}: ${this.#field(field)}`)];
    const object = `/*@__PURE__*/ z.strictObject({${lines.length === 0 ? "" : `\n${lines.map((line) => `  ${line},\n`).join("")}`}})`;
    const model = this.#modelCheck(shape);
    return model === undefined ? object : `${object}.check(${this.references.binding("followsModel")}(${model}))`;
  }

  #field(field: FieldModel): string {
    switch (field.kind) {
      case "attribute":
        return optional(`${this.references.value(field.type)}.zod`, field.required || field.default !== undefined);
      case "element": {
        const type = this.#element(field);
        if (field.many) return `z.array(${type})${field.required ? ".min(1)" : ""}`;
        return optional(type, field.required || field.default !== undefined);
      }
      case "value":
        return `${this.references.value(field.type)}.zod`;
      case "content":
        return this.references.binding("contentSchema");
      case "wildcard":
        return `z.array(${this.references.binding("elementContentSchema")})`;
      case "items": {
        const types = field.alternatives.map((element) => `z.strictObject({ ${element.property}: ${this.#element(element)} })`);
        if (field.any) types.push(`z.strictObject({ any: ${this.references.binding("elementContentSchema")} })`);
        return `z.array(z.union([${types.join(", ")}]))${field.required ? ".min(1)" : ""}`;
      }
    }
  }

  #element(element: ElementModel): string {
    if (element.keep === "inner") return this.references.binding("contentSchema");
    if (element.keep === "outer") return this.references.binding("elementContentSchema");
    return element.type.kind === "shape" ? this.#schema(element.type) : `${this.references.value(element.type)}.zod`;
  }

  #schema(ref: TypeRef & { kind: "leaf" | "shape" }): string {
    if (ref.namespace !== this.#model.namespace) return this.references.member(ref.namespace, `${ref.name}Schema`);
    const shape = this.#model.shapes.find(({ name }) => name === ref.name);
    if (shape !== undefined) this.#print(shape);
    const name = `${ref.name}Schema`;
    return this.#open.has(ref.name) ? `z.lazy(() => ${name})` : name;
  }

  /** The content model in property names, for types in which presence depends on presence. */
  #modelCheck(shape: ShapeModel): string | undefined {
    const hasItems = shape.fields.some(({ kind }) => kind === "items" || kind === "content");
    if (shape.model === undefined || hasItems || !isConditional(shape.model)) return undefined;
    const properties = new Map(shape.fields.flatMap((field) => (field.kind === "element" ? [[field.wire, field.property] as const] : [])));
    return this.#modelText(shape.model, properties);
  }

  #modelText(model: Model, properties: ReadonlyMap<string, string>): string {
    if (typeof model === "string") return literal(properties.get(model) ?? model);
    if (model.op === "any") return `${this.references.binding("many")}("any")`;
    const parts = "parts" in model ? model.parts : [model.part];
    return `${this.references.binding(model.op)}(${parts.map((part) => this.#modelText(part, properties)).join(", ")})`;
  }
}

/** Whether a model has choices, or groups that come whole or not at all. */
function isConditional(model: Model): boolean {
  if (typeof model === "string" || model.op === "any") return false;
  if (model.op === "alt") return true;
  if ("parts" in model) return model.parts.some(isConditional);
  return typeof model.part !== "string" && model.part.op !== "any" && (model.part.op === "seq" || isConditional(model.part));
}

function optional(type: string, required: boolean): string {
  return required ? type : `${type}.optional()`;
}
