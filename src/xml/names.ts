/** Qualified names and the scopes of namespace declarations. */

import { isNcName } from "../characters.js";

export const xmlNamespace = "http://www.w3.org/XML/1998/namespace";
export const xmlnsNamespace = "http://www.w3.org/2000/xmlns/";
export const xsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";

/** A name split at its colon. */
export interface QualifiedName {
  /** Empty when there is none. */
  readonly prefix: string;
  readonly local: string;
  /** For names of attributes: the prefix they declare (empty for the default namespace); undefined for ordinary attributes. */
  readonly declares: string | undefined;
}

// Names repeat; a document made of ever new names must not fill the memory.
const cacheSize = 4096;

/** Splits names and remembers them. */
export class NameTable {
  #names = new Map<string, QualifiedName | undefined>();

  /** The parts of `name`, or undefined when it is no qualified name (two colons, an empty part, a digit behind the colon). */
  split(name: string): QualifiedName | undefined {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const split = splitName(name);
    if (this.#names.size >= cacheSize) this.#names = new Map();
    this.#names.set(name, split);
    return split;
  }
}

function splitName(name: string): QualifiedName | undefined {
  const colon = name.indexOf(":");
  if (colon < 0) return isNcName(name) ? { prefix: "", local: name, declares: name === "xmlns" ? "" : undefined } : undefined;
  const prefix = name.slice(0, colon);
  const local = name.slice(colon + 1);
  if (!isNcName(prefix) || !isNcName(local)) return undefined;
  return { prefix, local, declares: prefix === "xmlns" ? local : undefined };
}

/** What a prefix is bound to, and at which depth that was declared. */
export interface Binding {
  /** Empty when the default namespace was undeclared. */
  readonly namespace: string;
  readonly depth: number;
}

/** The namespace declarations in scope; looking one up costs the same at any depth. */
export class NamespaceScope {
  readonly #bindings = new Map<string, Binding>([["xml", { namespace: xmlNamespace, depth: 0 }]]);
  readonly #undo: { prefix: string; previous: Binding | undefined; depth: number }[] = [];

  get(prefix: string): Binding | undefined {
    return this.#bindings.get(prefix);
  }

  /** Every prefix in scope, with what it is bound to. */
  get bindings(): ReadonlyMap<string, Binding> {
    return this.#bindings;
  }

  /**
   * Declares a prefix for the element at `depth`.
   *
   * @returns what is wrong with the declaration, or undefined
   */
  declare(prefix: string, namespace: string, depth: number): string | undefined {
    const problem = declarationProblem(prefix, namespace);
    if (problem !== undefined) return problem;
    this.#undo.push({ prefix, previous: this.#bindings.get(prefix), depth });
    this.#bindings.set(prefix, { namespace, depth });
    return undefined;
  }

  /** Notes an attribute that elements within inherit, such as `xml:lang`; it is kept beside the prefixes, under its whole name. */
  inherit(name: string, value: string, depth: number): void {
    this.#undo.push({ prefix: name, previous: this.#bindings.get(name), depth });
    this.#bindings.set(name, { namespace: value, depth });
  }

  /** Forgets the declarations of the element at `depth`. */
  leave(depth: number): void {
    for (let last = this.#undo.at(-1); last !== undefined && last.depth === depth; last = this.#undo.at(-1)) {
      this.#undo.pop();
      if (last.previous === undefined) this.#bindings.delete(last.prefix);
      else this.#bindings.set(last.prefix, last.previous);
    }
  }
}

function declarationProblem(prefix: string, namespace: string): string | undefined {
  if (prefix === "xmlns") return "the prefix xmlns cannot be declared";
  if (namespace === xmlnsNamespace) return "the namespace of xmlns cannot be bound";
  if ((prefix === "xml") !== (namespace === xmlNamespace)) return "the prefix xml and its namespace belong together";
  return prefix !== "" && namespace === "" ? `the prefix ${prefix} is bound to no namespace` : undefined;
}
