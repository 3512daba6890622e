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
  /** What the prefix was bound to when it was last looked up, and in which state of the scope; see {@link NamespaceScope.of}. */
  binding: Binding | undefined;
  epoch: number;
}

// Names repeat, within a document and from one to the next. What documents leave behind stays small: ever new names, and long
// ones, must not fill the memory.
const mostNames = 4096;
const longestKept = 200;

const known = new Map<string, QualifiedName>();

/** The parts of `name`, or undefined when it is no qualified name (two colons, an empty part, a digit behind the colon). */
export function splitName(name: string): QualifiedName | undefined {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (name.length > longestKept) return partsOf(name);
  const own = detached(name);
  const split = partsOf(own);
  if (split === undefined) return undefined;
  if (known.size >= mostNames) known.clear();
  known.set(own, split);
  return split;
}

/** The same characters in a string of their own: part of a longer one, they would keep all of that in memory. */
function detached(part: string): string {
  return Array.from(part).join("");
}

function partsOf(name: string): QualifiedName | undefined {
  const colon = name.indexOf(":");
  if (colon < 0) return isNcName(name) ? qualified("", name, name === "xmlns" ? "" : undefined) : undefined;
  const prefix = name.slice(0, colon);
  const local = name.slice(colon + 1);
  if (!isNcName(prefix) || !isNcName(local)) return undefined;
  return qualified(prefix, local, prefix === "xmlns" ? local : undefined);
}

const qualified = (prefix: string, local: string, declares: string | undefined): QualifiedName => ({
  prefix,
  local,
  declares,
  binding: undefined,
  epoch: -1,
});

/** What a prefix is bound to, and at which depth that was declared. */
export interface Binding {
  /** Empty when the default namespace was undeclared. */
  readonly namespace: string;
  readonly depth: number;
}

const mostForgotten = 64;

/** Counts the states of all scopes, so that no two have the same number. */
let epochs = 0;

/** The namespace declarations in scope; looking one up costs the same at any depth. */
export class NamespaceScope {
  /** A few prefixes that went out of scope stay, bound to nothing: deleting from a Map and adding again is slow. */
  readonly #bindings = new Map<string, Binding | undefined>([["xml", { namespace: xmlNamespace, depth: 0 }]]);
  readonly #undo: { prefix: string; previous: Binding | undefined; depth: number }[] = [];

  /** The state the scope is in. */
  #epoch = ++epochs;

  get(prefix: string): Binding | undefined {
    return this.#bindings.get(prefix);
  }

  /** What the prefix of `name` is bound to; remembered with the name until the scope changes. */
  of(name: QualifiedName): Binding | undefined {
    if (name.epoch === this.#epoch) return name.binding;
    const binding = this.#bindings.get(name.prefix);
    if (binding !== undefined && binding.namespace.length > longestKept) return binding;
    name.epoch = this.#epoch;
    name.binding = binding;
    return binding;
  }

  /** Every prefix there was, with what it is bound to here, if anything. */
  get bindings(): ReadonlyMap<string, Binding | undefined> {
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
    this.#epoch = ++epochs;
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
      if (last.previous === undefined && this.#bindings.size > mostForgotten) this.#bindings.delete(last.prefix);
      else this.#bindings.set(last.prefix, last.previous);
      this.#epoch = ++epochs;
    }
  }
}

function declarationProblem(prefix: string, namespace: string): string | undefined {
  if (prefix === "xmlns") return "the prefix xmlns cannot be declared";
  if (namespace === xmlnsNamespace) return "the namespace of xmlns cannot be bound";
  if ((prefix === "xml") !== (namespace === xmlNamespace)) return "the prefix xml and its namespace belong together";
  return prefix !== "" && namespace === "" ? `the prefix ${prefix} is bound to no namespace` : undefined;
}
