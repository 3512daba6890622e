/** Schemas as the generated code sees them: inheritance flattened, groups inlined, names given, occurrence counted. */

import { alt, any, type Model, many, opt, seq, some } from "../src/binding/content-model.js";
import { longTypeName, plural, propertyName, typeName } from "./names.js";
import {
  type AttributeDeclaration,
  type ComplexType,
  type ElementDeclaration,
  type EnumerationValue,
  type Origin,
  type Particle,
  type QName,
  SchemaError,
  type SchemaFile,
  type SimpleType,
  xsdNamespace,
} from "./xsd.js";

/** A schema and the module that is made of it. */
export interface ModuleSource {
  /** Prefix of shape names and name of imports: `taxii11`. */
  readonly name: string;
  readonly schema: SchemaFile;
  /** Namespaces whose elements are kept whole, markup and all. */
  readonly keepWhole: readonly string[];
}

/** The type of a field. */
export type TypeRef =
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "leaf" | "shape"; readonly namespace: string; readonly name: string };

export interface LeafModel {
  readonly name: string;
  /** Name in the schema, or what stands in for it. */
  readonly schemaName: string;
  readonly doc: string;
  readonly at: Origin;
  readonly variety:
    | { readonly kind: "enumeration"; readonly values: readonly EnumerationValue[] }
    | { readonly kind: "restriction"; readonly base: TypeRef; readonly patterns: readonly string[] }
    | { readonly kind: "union"; readonly members: readonly TypeRef[]; readonly open: boolean };
}

interface FieldBase {
  readonly property: string;
  readonly doc: string;
}

export interface AttributeModel extends FieldBase {
  readonly kind: "attribute";
  readonly wire: string;
  readonly type: TypeRef;
  readonly required: boolean;
  readonly default: string | undefined;
}

export interface ElementModel extends FieldBase {
  readonly kind: "element";
  readonly wire: string;
  readonly namespace: string;
  readonly type: TypeRef;
  readonly many: boolean;
  readonly required: boolean;
  readonly default: string | undefined;
  readonly keep: "inner" | "outer" | undefined;
}

export type FieldModel =
  | AttributeModel
  | ElementModel
  | (FieldBase & { readonly kind: "value"; readonly type: TypeRef })
  | (FieldBase & { readonly kind: "content"; readonly children: readonly ElementModel[] })
  | (FieldBase & {
      readonly kind: "items";
      readonly alternatives: readonly ElementModel[];
      readonly any: boolean;
      readonly required: boolean;
    })
  | (FieldBase & { readonly kind: "wildcard" });

export interface ShapeModel {
  readonly name: string;
  readonly schemaName: string;
  readonly doc: string;
  readonly element: string;
  readonly role: "message" | "element" | "component";
  readonly fields: readonly FieldModel[];
  readonly model: Model | undefined;
}

export interface ModuleModel {
  readonly name: string;
  readonly namespace: string;
  readonly file: string;
  readonly doc: string;
  readonly leaves: readonly LeafModel[];
  readonly shapes: readonly ShapeModel[];
  /** Global elements that may occur, by local name. */
  readonly globals: readonly { readonly local: string; readonly type: TypeRef }[];
}

const builtins: Readonly<Record<string, string>> = {
  string: "string",
  token: "token",
  anyURI: "anyUri",
  boolean: "boolean",
  dateTime: "dateTime",
  nonNegativeInteger: "nonNegativeInteger",
  positiveInteger: "positiveInteger",
  integer: "integer",
  decimal: "decimal",
  base64Binary: "base64Binary",
  ID: "id",
};

// Types of these names would hide globals of the language.
const reserved = new Set([
  "Object",
  "Array",
  "Map",
  "Set",
  "Date",
  "Error",
  "Function",
  "Promise",
  "Symbol",
  "String",
  "Number",
  "Boolean",
]);

/** Models of `sources`, which may refer to each other. */
export function buildModels(sources: readonly ModuleSource[]): Map<string, ModuleModel> {
  const builder = new ModelBuilder(sources);
  return new Map(sources.map((source) => [source.schema.namespace, builder.module(source)]));
}

interface Claim {
  readonly name: string;
  readonly element: string;
  readonly role: ShapeModel["role"];
}

class ModelBuilder {
  readonly #sources: ReadonlyMap<string, ModuleSource>;
  /** Names of types, by namespace, then by schema name. */
  readonly #names = new Map<string, Map<string, string>>();
  readonly #anonymous = new Map<SimpleType | ComplexType, { namespace: string; name: string }>();

  constructor(sources: readonly ModuleSource[]) {
    this.#sources = new Map(sources.map((source) => [source.schema.namespace, source]));
    for (const { schema } of sources) this.#names.set(schema.namespace, nameTypes(schema));
  }

  module({ name, schema, keepWhole }: ModuleSource): ModuleModel {
    for (const { namespace, at } of schema.imports) {
      if (!this.#sources.has(namespace)) throw new SchemaError(`no schema is known for the imported namespace ${namespace}`, at);
    }
    const context = new ModuleBuilder(this, schema, keepWhole);
    return { name, namespace: schema.namespace, file: schema.file, doc: schema.doc, ...context.build() };
  }

  schemaOf(name: QName, at: Origin): SchemaFile {
    const source = this.#sources.get(name.namespace);
    if (source === undefined) throw new SchemaError(`no schema is known for the namespace ${name.namespace}`, at);
    return source.schema;
  }

  complexType(name: QName, at: Origin): ComplexType | undefined {
    return name.namespace === xsdNamespace ? undefined : this.schemaOf(name, at).complexTypes.get(name.local);
  }

  namespaces(): Iterable<string> {
    return this.#sources.keys();
  }

  isNamed(type: SimpleType | ComplexType): boolean {
    return this.#anonymous.has(type);
  }

  nameOf(name: QName): string {
    return this.#names.get(name.namespace)?.get(name.local) ?? typeName(name.local);
  }

  /** Gives a type that is declared in place the name of its owner. */
  nameAnonymous(type: SimpleType | ComplexType, namespace: string, name: string): void {
    if (!this.#anonymous.has(type)) this.#anonymous.set(type, { namespace, name });
  }

  reference(type: QName | ComplexType | SimpleType, at: Origin): TypeRef {
    if ("kind" in type) {
      const named = this.#anonymous.get(type);
      if (named === undefined) throw new SchemaError("a type declared in place has no name yet", at);
      return { kind: type.kind === "simple" ? "leaf" : "shape", ...named };
    }
    if (type.namespace === xsdNamespace) {
      const name = builtins[type.local];
      if (name === undefined) throw new SchemaError(`the type xs:${type.local} is unsupported`, at);
      return { kind: "builtin", name };
    }
    const schema = this.schemaOf(type, at);
    const kind = schema.simpleTypes.has(type.local) ? "leaf" : schema.complexTypes.has(type.local) ? "shape" : undefined;
    if (kind === undefined) throw new SchemaError(`the type ${type.local} of ${type.namespace} is not declared`, at);
    return { kind, namespace: type.namespace, name: this.nameOf(type) };
  }
}

function nameTypes(schema: SchemaFile): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const local of [...schema.complexTypes.keys(), ...schema.simpleTypes.keys()]) {
    const short = typeName(local);
    const name = taken.has(short) || reserved.has(short) ? longTypeName(local) : short;
    if (taken.has(name)) throw new SchemaError(`two types would be named ${name}`, { file: schema.file, line: 1, column: 1 });
    taken.add(name);
    names.set(local, name);
  }
  return names;
}

/** An element, a list of items or a wildcard within a type, with how often it may occur. */
type Occurrence = { readonly min: number; readonly max: number } & (
  | {
      readonly kind: "element";
      readonly name: QName;
      readonly type: TypeRef;
      readonly default: string | undefined;
      readonly doc: string;
      readonly at: Origin;
      readonly mixed: boolean;
    }
  | { readonly kind: "items"; readonly alternatives: readonly Occurrence[]; readonly doc: string }
  | { readonly kind: "any"; readonly doc: string }
);

class ModuleBuilder {
  readonly #models: ModelBuilder;
  readonly #schema: SchemaFile;
  readonly #keepWhole: readonly string[];
  readonly #leaves: LeafModel[] = [];
  readonly #shapes: ShapeModel[] = [];
  /** Anonymous complex types found on the way. */
  readonly #pending: { type: ComplexType; claim: Claim }[] = [];

  constructor(models: ModelBuilder, schema: SchemaFile, keepWhole: readonly string[]) {
    this.#models = models;
    this.#schema = schema;
    this.#keepWhole = keepWhole;
  }

  build(): Pick<ModuleModel, "leaves" | "shapes" | "globals"> {
    for (const type of this.#schema.simpleTypes.values())
      this.#leaf(type, this.#models.nameOf({ namespace: this.#schema.namespace, local: type.name }), type.name);
    const claims = this.#claims();
    for (const { type, claim } of claims) this.#shape(type, claim);
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) this.#shape(next.type, next.claim);
    const globals = [...this.#schema.elements.values()]
      .filter(({ abstract }) => !abstract)
      .map((element) => ({ local: element.name, type: this.#globalType(element, claims) }));
    return { leaves: this.#leaves, shapes: this.#shapes, globals };
  }

  /** Which shapes there are: one per global element, and one per type that only parts have. */
  #claims(): { type: ComplexType; claim: Claim }[] {
    const { namespace, complexTypes, elements } = this.#schema;
    const globals = new Map<string, ElementDeclaration>();
    const extra: { type: ComplexType; claim: Claim }[] = [];
    for (const element of elements.values()) {
      const type = this.#complexOf(element);
      if (type === undefined || element.abstract) continue;
      const own = !("kind" in element.type) && element.type.namespace === namespace;
      if (own && !globals.has(type.name)) globals.set(type.name, element);
      else extra.push({ type, claim: { name: typeName(element.name), element: element.name, role: roleOf(element) } });
      if ("kind" in element.type) this.#models.nameAnonymous(element.type, namespace, typeName(element.name));
    }
    const parts = this.#elementsByType();
    const named = [...complexTypes.values()].flatMap((type) => {
      const global = globals.get(type.name);
      const element = global?.name ?? parts.get(type.name);
      if (element === undefined) return [];
      const name = this.#models.nameOf({ namespace, local: type.name });
      const role = global === undefined ? "component" : roleOf(global);
      return [{ type, claim: { name, element, role } satisfies Claim }];
    });
    return [...named, ...extra];
  }

  #complexOf(element: ElementDeclaration): ComplexType | undefined {
    if (!("kind" in element.type)) return this.#models.complexType(element.type, element.at);
    return element.type.kind === "complex" ? element.type : undefined;
  }

  #globalType(element: ElementDeclaration, claims: readonly { claim: Claim }[]): TypeRef {
    const claim = claims.find((candidate) => candidate.claim.element === element.name && candidate.claim.role !== "component");
    if (claim !== undefined) return { kind: "shape", namespace: this.#schema.namespace, name: claim.claim.name };
    if ("kind" in element.type) this.#nameInPlace(element.type, typeName(element.name));
    return this.#models.reference(element.type, element.at);
  }

  /** For each type of this schema, the first local element that has it. */
  #elementsByType(): Map<string, string> {
    const found = new Map<string, string>();
    const visit = (particle: Particle | undefined): void => {
      if (particle?.kind === "element") {
        const { type, name } = particle;
        if (!("kind" in type) && type.namespace === this.#schema.namespace && !found.has(type.local)) found.set(type.local, name);
        if ("kind" in type && type.kind === "complex") visit(type.particle);
      } else if (particle?.kind === "sequence" || particle?.kind === "choice") particle.parts.forEach(visit);
    };
    for (const type of this.#schema.complexTypes.values()) visit(type.particle);
    for (const group of this.#schema.groups.values()) visit(group);
    return found;
  }

  #leaf(type: SimpleType, name: string, schemaName: string): void {
    this.#leaves.push({ name, schemaName, doc: type.doc, at: type.at, variety: this.#variety(type) });
  }

  #variety({ variety, at }: SimpleType): LeafModel["variety"] {
    if (variety.kind === "union") {
      const members = variety.members.map((member) => this.#models.reference(member, at));
      return { kind: "union", members, open: variety.members.some((member) => !this.#isEnumeration(member, at)) };
    }
    const { base, patterns, values } = variety;
    const baseRef = this.#models.reference(base, at);
    if (values.length > 0) {
      if (baseRef.kind !== "builtin" || baseRef.name !== "string" || patterns.length > 0) {
        throw new SchemaError("only enumerations of xs:string without patterns are supported", at);
      }
      return { kind: "enumeration", values };
    }
    // Patterns without any operator are a list of values under another name.
    if (
      patterns.length > 0 &&
      baseRef.kind === "builtin" &&
      baseRef.name === "string" &&
      patterns.every((pattern) => /^\w+$/.test(pattern))
    ) {
      return { kind: "enumeration", values: patterns.map((value) => ({ value, doc: "", at })) };
    }
    return { kind: "restriction", base: baseRef, patterns: patterns.map((pattern) => toRegExp(pattern, at)) };
  }

  #isEnumeration(name: QName, at: Origin): boolean {
    if (name.namespace === xsdNamespace) return false;
    const type = this.#models.schemaOf(name, at).simpleTypes.get(name.local);
    return type?.variety.kind === "restriction" && type.variety.values.length > 0;
  }

  #nameInPlace(type: SimpleType | ComplexType, name: string): void {
    const { namespace } = this.#schema;
    if (type.kind === "simple") {
      if (this.#leaves.some((leaf) => leaf.name === name)) return;
      this.#models.nameAnonymous(type, namespace, name);
      this.#leaf(type, name, name);
    } else {
      this.#models.nameAnonymous(type, namespace, name);
    }
  }

  #shape(type: ComplexType, claim: Claim): void {
    if (this.#shapes.some(({ name }) => name === claim.name)) throw new SchemaError(`two shapes would be named ${claim.name}`, type.at);
    const chain = this.#inheritance(type);
    const mixed = chain.some((link) => link.mixed);
    const attributes = chain.flatMap((link) => link.attributes.map((attribute) => this.#attribute(attribute, claim.name)));
    const particles = chain.flatMap((link) => (link.particle === undefined ? [] : [this.#inline(link.particle)]));
    const content = this.#content(chain, particles, mixed, claim);
    const fields = [...attributes, ...content];
    const repeated = fields.find((field, index) => fields.findIndex(({ property }) => property === field.property) !== index);
    if (repeated !== undefined) throw new SchemaError(`two fields of ${claim.name} would be named ${repeated.property}`, type.at);
    this.#shapes.push({
      name: claim.name,
      schemaName: type.name === "" ? claim.name : type.name,
      doc: type.doc,
      element: claim.element,
      role: claim.role,
      fields,
      model: particles.length === 0 ? undefined : joined(particles.map(toModel)),
    });
  }

  /** The types from the outermost base down to `type` itself. */
  #inheritance(type: ComplexType): ComplexType[] {
    if (type.base === undefined || type.simpleContent) return [type];
    const base = this.#models.complexType(type.base, type.at);
    if (base === undefined) throw new SchemaError(`the base ${type.base.local} is no complex type`, type.at);
    return [...this.#inheritance(base), type];
  }

  #attribute(declaration: AttributeDeclaration, owner: string): AttributeModel {
    const { name, type, required, doc, at } = declaration;
    const property = propertyName(name);
    if ("kind" in type) this.#nameInPlace(type, owner + property.charAt(0).toUpperCase() + property.slice(1));
    return { kind: "attribute", property, wire: name, type: this.#models.reference(type, at), required, default: declaration.default, doc };
  }

  #content(chain: readonly ComplexType[], particles: readonly Particle[], mixed: boolean, claim: Claim): FieldModel[] {
    const simple = chain.find((link) => link.simpleContent);
    if (simple?.base !== undefined) {
      return [{ kind: "value", property: "value", type: this.#models.reference(simple.base, simple.at), doc: "The value itself." }];
    }
    const occurrences = countSequence(particles.map((particle) => this.#count(particle, claim.name)));
    const elements = [...occurrences.values()];
    if (mixed) {
      const children = elements.flatMap((occurrence) => {
        const inside = occurrence.kind === "items" ? occurrence.alternatives : [occurrence];
        return inside.flatMap((element) => (element.kind === "element" ? [this.#element(element)] : []));
      });
      return [{ kind: "content", property: "content", children, doc: "The open content: text, elements, or a mixture." }];
    }
    return elements.map((occurrence) => this.#field(occurrence));
  }

  #field(occurrence: Occurrence): FieldModel {
    if (occurrence.kind === "element") return this.#element(occurrence);
    if (occurrence.kind === "any")
      return { kind: "wildcard", property: "any", doc: occurrence.doc || "Elements of other schemas, each whole." };
    const alternatives = occurrence.alternatives.flatMap((alternative) =>
      alternative.kind === "element"
        ? [{ ...this.#element({ ...alternative, max: 1 }), property: propertyName(alternative.name.local) }]
        : [],
    );
    return {
      kind: "items",
      property: "items",
      alternatives,
      any: occurrence.alternatives.some(({ kind }) => kind === "any"),
      required: occurrence.min > 0,
      doc: occurrence.doc || "The parts in their order.",
    };
  }

  #element(occurrence: Occurrence & { kind: "element" }): ElementModel {
    const { name, type, min, max, doc } = occurrence;
    const repeats = max > 1;
    const property = propertyName(name.local);
    const whole = this.#keepWhole.includes(name.namespace) && name.namespace !== this.#schema.namespace;
    return {
      kind: "element",
      property: repeats ? plural(property) : property,
      wire: name.local,
      namespace: name.namespace,
      type,
      many: repeats,
      required: min > 0,
      default: occurrence.default,
      keep: whole ? "outer" : occurrence.mixed ? "inner" : undefined,
      doc,
    };
  }

  /** Replaces references to groups by what they hold. */
  #inline(particle: Particle): Particle {
    if (particle.kind === "group") {
      const body = this.#models.schemaOf(particle.ref, particle.at).groups.get(particle.ref.local);
      if (body === undefined) throw new SchemaError(`the group ${particle.ref.local} is not declared`, particle.at);
      return this.#inline({ kind: "sequence", parts: [body], min: particle.min, max: particle.max, doc: particle.doc, at: particle.at });
    }
    if (particle.kind !== "sequence" && particle.kind !== "choice") return particle;
    return { ...particle, parts: particle.parts.map((part) => this.#inline(part)) };
  }

  #count(particle: Particle, owner: string): Map<string, Occurrence> {
    switch (particle.kind) {
      case "element":
      case "reference": {
        const element = particle.kind === "element" ? particle : this.#referenced(particle);
        const namespace = particle.kind === "element" ? this.#schemaOfOwner(particle) : particle.ref.namespace;
        const type = this.#elementType(element, owner, particle.kind === "reference");
        const name = { namespace, local: element.name };
        const mixed = particle.kind === "element" && this.#isBareMixed(element);
        const doc = particle.doc || element.doc;
        return new Map([
          [
            `${namespace} ${name.local}`,
            { kind: "element", name, type, default: element.default, doc, at: particle.at, mixed, min: particle.min, max: particle.max },
          ],
        ]);
      }
      case "any":
        return new Map([["*", { kind: "any", doc: particle.doc, min: particle.min, max: particle.max }]]);
      case "group":
        return this.#count(this.#inline(particle), owner);
      default:
        return this.#countGroup(particle, owner);
    }
  }

  #countGroup(particle: Particle & { kind: "sequence" | "choice" }, owner: string): Map<string, Occurrence> {
    const parts = particle.parts.map((part) => this.#count(part, owner));
    const once = particle.kind === "sequence" ? countSequence(parts) : countChoice(parts);
    if (particle.max > 1 && once.size > 1) {
      const alternatives = [...once.values()];
      if (alternatives.some(({ kind }) => kind === "items"))
        throw new SchemaError("a repeated group within a repeated group is unsupported", particle.at);
      return new Map([["items", { kind: "items", alternatives, doc: particle.doc, min: particle.min, max: Number.POSITIVE_INFINITY }]]);
    }
    return new Map(
      [...once].map(([key, occurrence]) => [
        key,
        { ...occurrence, min: occurrence.min * particle.min, max: occurrence.max * particle.max },
      ]),
    );
  }

  /** The namespace of a local element is that of the schema it is written in. */
  #schemaOfOwner(particle: Particle): string {
    for (const namespace of this.#models.namespaces()) {
      if (this.#models.schemaOf({ namespace, local: "" }, particle.at).file === particle.at.file) return namespace;
    }
    return this.#schema.namespace;
  }

  #referenced(particle: Particle & { kind: "reference" }): ElementDeclaration {
    const element = this.#models.schemaOf(particle.ref, particle.at).elements.get(particle.ref.local);
    if (element === undefined)
      throw new SchemaError(`the element ${particle.ref.local} of ${particle.ref.namespace} is not declared`, particle.at);
    if (element.abstract) throw new SchemaError(`a reference to the abstract element ${element.name} is unsupported`, particle.at);
    return element;
  }

  #elementType(element: ElementDeclaration, owner: string, global: boolean): TypeRef {
    const { type } = element;
    if ("kind" in type) {
      const name = global ? typeName(element.name) : owner + typeName(element.name);
      const isNew = type.kind === "complex" && !global && !this.#models.isNamed(type);
      this.#nameInPlace(type, name);
      if (isNew && type.kind === "complex") this.#pending.push({ type, claim: { name, element: element.name, role: "component" } });
    }
    return this.#models.reference(type, element.at);
  }

  /** Whether the element's type is mixed content and nothing else, so that the content is the value. */
  #isBareMixed(element: ElementDeclaration): boolean {
    const type = this.#complexOf(element);
    if (type === undefined || type.simpleContent) return false;
    const chain = this.#inheritance(type);
    return chain.some(({ mixed }) => mixed) && chain.every(({ attributes }) => attributes.length === 0);
  }
}

function roleOf(element: ElementDeclaration): ShapeModel["role"] {
  return element.substitutes === undefined ? "element" : "message";
}

function countSequence(parts: readonly ReadonlyMap<string, Occurrence>[]): Map<string, Occurrence> {
  const counted = new Map<string, Occurrence>();
  for (const part of parts) {
    for (const [key, occurrence] of part) {
      const before = counted.get(key);
      counted.set(
        key,
        before === undefined ? occurrence : { ...before, min: before.min + occurrence.min, max: before.max + occurrence.max },
      );
    }
  }
  return counted;
}

function countChoice(parts: readonly ReadonlyMap<string, Occurrence>[]): Map<string, Occurrence> {
  const counted = new Map<string, Occurrence>();
  for (const part of parts) {
    for (const [key, occurrence] of part) {
      const before = counted.get(key);
      const everywhere = parts.every((other) => other.has(key));
      const min = everywhere ? Math.min(...parts.map((other) => other.get(key)?.min ?? 0)) : 0;
      counted.set(key, { ...(before ?? occurrence), min, max: Math.max(before?.max ?? 0, occurrence.max) });
    }
  }
  return counted;
}

/** The content model of an inlined particle. */
function toModel(particle: Particle): Model {
  switch (particle.kind) {
    case "element":
      return repeated(particle.name, particle);
    case "reference":
      return repeated(particle.ref.local, particle);
    case "any":
      return repeated(any(particle.namespace, particle.process), particle);
    case "group":
      throw new SchemaError("a group reference is left over", particle.at);
    case "sequence":
      return repeated(joined(particle.parts.map(toModel)), particle);
    case "choice":
      return repeated(alt(...particle.parts.map(toModel)), particle);
  }
}

/** A sequence without sequences directly within it. */
function joined(parts: readonly Model[]): Model {
  const flat = parts.flatMap((part) => (typeof part !== "string" && part.op === "seq" ? part.parts : [part]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : seq(...flat);
}

// Counted occurrence is written out, so it must be small.
const largestCount = 20;

function repeated(model: Model, { min, max, at }: { min: number; max: number; at: Origin }): Model {
  if (max === Number.POSITIVE_INFINITY) {
    if (min === 0) return many(model);
    return joined([...copies(model, min - 1, at), some(model)]);
  }
  const optional = copies(model, max - min, at).reduceRight<Model | undefined>(
    (rest, part) => opt(rest === undefined ? part : joined([part, rest])),
    undefined,
  );
  return joined([...copies(model, min, at), ...(optional === undefined ? [] : [optional])]);
}

function copies(model: Model, count: number, at: Origin): Model[] {
  if (count > largestCount) throw new SchemaError(`occurrence counts above ${largestCount} are unsupported`, at);
  return Array.from({ length: count }, () => model);
}

/** An XSD pattern, which is anchored by nature, as the source of a JavaScript expression with the flag u. */
function toRegExp(pattern: string, at: Origin): string {
  if (/\\[icICpP]|\[[^\]]*-\[|[$^](?![^[]*\])/.test(pattern))
    throw new SchemaError(`the pattern ${pattern} uses something unsupported`, at);
  const source = `^(?:${pattern})$`;
  try {
    new RegExp(source, "u");
  } catch {
    throw new SchemaError(`the pattern ${pattern} is unsupported`, at);
  }
  return source;
}
