/** Prints the types of a module and their shapes, side by side: `messages.ts`. */

import { type OptionalKind, type PropertySignatureStructure, type StatementStructures, StructureKind } from "ts-morph";
import type { Model } from "../src/binding/content-model.js";
import type { FormHints } from "../src/binding/shape.js";
import type { ElementModel, FieldModel, ModuleModel, ShapeModel, TypeRef } from "./model.js";
import { fieldHints, layouts } from "./overlay.js";
import { constant, dataText, type ImportPaths, listing, literal, preamble, printFile, References, type Statement } from "./printer.js";

/** The text of `messages.ts`. */
export function printMessages(model: ModuleModel, paths: ImportPaths, command: string): string {
  const printer = new MessagePrinter(model, new References(model, paths));
  const statements = [...model.shapes.flatMap((shape) => printer.shape(shape)), ...printer.unions(), printer.globals()];
  const schemas = model.shapes.map(({ name }) => `${name}Schema`).sort();
  const imports = [...printer.references.imports(), `import { ${schemas.join(", ")} } from "./zod.js";`];
  return printFile(preamble(model, command), imports, statements);
}

class MessagePrinter {
  readonly references: References;
  readonly #model: ModuleModel;

  constructor(model: ModuleModel, references: References) {
    this.#model = model;
    this.references = references;
  }

  /** The interface, what `create` takes, and the table. */
  shape(shape: ShapeModel): Statement[] {
    return [
      {
        kind: StructureKind.Interface,
        name: shape.name,
        isExported: true,
        ...docs(shape.doc),
        properties: [
          ...(shape.role === "message" ? [{ name: "$type", type: literal(this.#fullName(shape)), isReadonly: true }] : []),
          ...shape.fields.map((field) => this.#property(field)),
        ],
      },
      this.#init(shape),
      constant(
        `The table of {@link ${shape.name}}: ${shape.schemaName} of the schema.`,
        shape.name,
        `${this.references.bindingType("Shape")}<${shape.name}, ${shape.name}Init>`,
        this.#table(shape),
      ),
    ];
  }

  /** The union of all messages and the list of their shapes, where there are any. */
  unions(): Statement[] {
    const messages = this.#model.shapes.filter(({ role }) => role === "message").map(({ name }) => name);
    if (messages.length === 0) return [];
    const shape = this.references.bindingType("Shape");
    return [
      {
        kind: StructureKind.TypeAlias,
        name: "Message",
        type: messages.join(" | "),
        isExported: true,
        docs: ["Any message of this schema; `$type` tells which."],
      },
      constant("The shapes of all messages of this schema.", "messages", `readonly ${shape}<Message>[]`, listing("[", messages, "]", "")),
    ];
  }

  globals(): string {
    const entries = this.#model.globals.map(({ local, type }) => `${local}: ${this.#target(type)}`);
    const elements = listing("{ ", entries, " }", "  ");
    const text = `{\n  namespace: ${literal(this.#model.namespace)},\n  elements: ${elements},\n}`;
    return constant("The global elements of this schema.", "globals", this.references.bindingType("GlobalElements"), text);
  }

  #fullName(shape: ShapeModel): string {
    return `${this.#model.name}.${shape.name}`;
  }

  #property(field: FieldModel): OptionalKind<PropertySignatureStructure> {
    const { type, optional } = this.#propertyType(field);
    const fallback = defaultOf(field);
    const told = /default/i.test(field.doc);
    const doc = [field.doc, ...(fallback === undefined || told ? [] : [`Default: \`${fallback}\`.`])]
      .filter((text) => text !== "")
      .join(" ");
    return { name: field.property, type: optional ? `${type} | undefined` : type, hasQuestionToken: optional, ...docs(doc) };
  }

  #propertyType(field: FieldModel): { type: string; optional: boolean } {
    switch (field.kind) {
      case "attribute":
        return { type: this.references.type(field.type), optional: !field.required && field.default === undefined };
      case "element": {
        const type = this.#elementType(field);
        if (field.many) return { type: `${type.includes(" ") ? `(${type})` : type}[]`, optional: false };
        return { type, optional: !field.required && field.default === undefined };
      }
      case "value":
        return { type: this.references.type(field.type), optional: false };
      case "content":
        return { type: this.references.bindingType("Content"), optional: false };
      case "wildcard":
        return { type: `${this.references.bindingType("ElementContent")}[]`, optional: false };
      case "items":
        return { type: `(${this.#itemTypes(field, (element) => this.#elementType(element))})[]`, optional: false };
    }
  }

  #itemTypes(field: FieldModel & { kind: "items" }, typeOf: (element: ElementModel) => string): string {
    const types = field.alternatives.map((element) => `{ ${element.property}: ${typeOf(element)} }`);
    if (field.any) types.push(`{ any: ${this.references.bindingType("ElementContent")} }`);
    return types.join(" | ");
  }

  #elementType(element: ElementModel): string {
    if (element.keep === "inner") return this.references.bindingType("Content");
    if (element.keep === "outer") return this.references.bindingType("ElementContent");
    return this.references.type(element.type);
  }

  #init(shape: ShapeModel): StatementStructures {
    const optional = shape.fields.filter((field) => isOptionalInInit(field)).map(({ property }) => property);
    if (shape.role === "message") optional.unshift("messageId");
    const nested = shape.fields.flatMap((field) => this.#nestedInit(field));
    const args = [
      shape.name,
      optional.length === 0 ? "never" : optional.map(literal).join(" | "),
      ...(nested.length === 0 ? [] : [listing("{ ", nested, " }", "").replaceAll(",\n", ";\n").replaceAll(", ", "; ")]),
    ];
    return {
      kind: StructureKind.Interface,
      name: `${shape.name}Init`,
      isExported: true,
      extends: [`${this.references.bindingType("Init")}<${args.join(", ")}>`],
      docs: [`What \`create\` takes for a {@link ${shape.name}}.`],
    };
  }

  #nestedInit(field: FieldModel): string[] {
    const typeOf = (element: ElementModel): string =>
      this.#hasInit(element) ? `${this.references.type(element.type)}Init` : this.#elementType(element);
    if (field.kind === "items") return [`${field.property}: readonly (${this.#itemTypes(field, typeOf)})[]`];
    if (field.kind !== "element" || !this.#hasInit(field)) return [];
    return [`${field.property}: ${field.many ? "readonly " : ""}${typeOf(field)}${field.many ? "[]" : ""}`];
  }

  #hasInit(element: ElementModel): boolean {
    return element.type.kind === "shape" && element.keep === undefined;
  }

  #table(shape: ShapeModel): string {
    const layout = layouts[this.#fullName(shape)];
    const fields = shape.fields.map((field) => this.#field(field, shape));
    const lines = [
      `name: ${literal(this.#fullName(shape))}`,
      `namespace: ${literal(this.#model.namespace)}`,
      `type: ${literal(shape.schemaName)}`,
      `element: ${literal(shape.element)}`,
      `role: ${literal(shape.role)}`,
      ...(layout === undefined ? [] : [`layout: ${dataText(layout, "  ")}`]),
      `fields: () => ${listing("[", fields, "]", "  ").replace(/^\[(?!\n)(.*)\]$/s, "[$1]")}`,
      ...(shape.model === undefined ? [] : [`model: () => ${this.#modelText(shape.model)}`]),
      `schema: () => ${shape.name}Schema`,
    ];
    return `/*@__PURE__*/ ${this.references.binding("shape")}({\n${lines.map((line) => `  ${line},\n`).join("")}})`;
  }

  #field(field: FieldModel, shape: ShapeModel): string {
    const hints = fieldHints[`${this.#fullName(shape)}.${field.property}`];
    switch (field.kind) {
      case "attribute": {
        const options = optionsText([
          ...(field.required ? ["required: true"] : []),
          ...defaultText(field.type, field.default),
          ...hintTexts(hints),
        ]);
        return `${this.references.binding("attr")}(${literal(field.property)}, ${literal(field.wire)}, ${this.references.value(field.type)}${options})`;
      }
      case "element":
        return this.#element(field, hints);
      case "value":
        return `${this.references.binding("value")}(${literal(field.property)}, ${this.references.value(field.type)}${optionsText(hintTexts(hints))})`;
      case "content": {
        const children = field.children.map((child) => this.#element(child, undefined));
        return `${this.references.binding("content")}(${literal(field.property)}${children.length === 0 ? "" : `, ${listing("[", children, "]", "    ")}`})`;
      }
      case "wildcard":
        return `${this.references.binding("wildcard")}(${literal(field.property)})`;
      case "items": {
        const alternatives = field.alternatives.map((element) => this.#element(element, undefined));
        return `${this.references.binding("items")}(${literal(field.property)}, ${listing("[", alternatives, "]", "    ")}${field.any ? ", { any: true }" : ""})`;
      }
    }
  }

  #element(field: ElementModel, hints: FormHints | undefined): string {
    const factory = field.keep ?? (field.many ? "list" : "elem");
    const namespace = field.namespace === this.#model.namespace ? [] : [`namespace: ${literal(field.namespace)}`];
    const options = optionsText([...defaultText(field.type, field.default), ...namespace, ...hintTexts(hints)]);
    return `${this.references.binding(factory)}(${literal(field.property)}, ${literal(field.wire)}, ${this.#target(field.type)}${options})`;
  }

  #target(type: TypeRef): string {
    return type.kind === "shape" ? `() => ${this.references.value(type)}` : this.references.value(type);
  }

  #modelText(model: Model): string {
    if (typeof model === "string") return literal(model);
    if (model.op === "any") return `${this.references.binding("any")}(${literal(model.namespace)}, ${literal(model.process)})`;
    const parts = "parts" in model ? model.parts : [model.part];
    return `${this.references.binding(model.op)}(${parts.map((part) => this.#modelText(part)).join(", ")})`;
  }
}

function isOptionalInInit(field: FieldModel): boolean {
  if (field.kind === "wildcard" || field.kind === "items") return true;
  return (field.kind === "element" && field.many) || defaultOf(field) !== undefined;
}

function defaultOf(field: FieldModel): string | undefined {
  return field.kind === "attribute" || field.kind === "element" ? field.default : undefined;
}

function defaultText(type: TypeRef, fallback: string | undefined): string[] {
  if (fallback === undefined) return [];
  const plain = type.kind === "builtin" && (type.name === "boolean" || type.name.endsWith("Integer"));
  return [`default: ${plain ? fallback : literal(fallback)}`];
}

function hintTexts(hints: FormHints | undefined): string[] {
  return Object.entries(hints ?? {}).map(([key, value]) => `${key}: ${dataText(value, "      ")}`);
}

function optionsText(options: readonly string[]): string {
  return options.length === 0 ? "" : `, { ${options.join(", ")} }`;
}

function docs(description: string): { docs?: { description: string }[] } {
  return description === "" ? {} : { docs: [{ description: `\n${description}` }] };
}
