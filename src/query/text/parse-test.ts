/** What stands behind a target: a relationship, and its value or its parameters. */

import type { Parameter, Test } from "../../../generated/default-query/index.js";
import { allModules, parameterFaults } from "../../message/capabilities.js";
import type { CapabilityModule } from "../define-module.js";
import { allowsComparison, type Comparison, problemOfValue, type Relationship, relationshipFor, testOf } from "../relationships.js";
import type { Place } from "./problem.js";
import type { TokenReader } from "./reader.js";
import type { Token } from "./tokens.js";
import { findInModule, findRelationship, idsOf, type NamedRelationship, relationshipWords } from "./words.js";

const comparisons: readonly string[] = ["case", "nocase", "number"] satisfies readonly Comparison[];

/** Reads tests. */
export class TestParser {
  readonly #tokens: TokenReader;
  readonly #modules: readonly CapabilityModule[];
  readonly #ignoreCase: boolean;

  constructor(
    tokens: TokenReader,
    options: { readonly modules?: readonly CapabilityModule[] | undefined; readonly ignoreCase?: boolean | undefined },
  ) {
    this.#tokens = tokens;
    this.#modules = options.modules ?? [];
    this.#ignoreCase = options.ignoreCase ?? false;
  }

  /** @throws QueryTextError */
  read(): Test {
    const { relationship, isExplicit } = this.#relationship();
    if (this.#tokens.takes("(")) return this.#exact(relationship);
    const { name, definition = {} } = relationship;
    const needed = Object.entries(definition).find(([parameter, { required }]) => required && parameter !== "value")?.[0];
    if (needed !== undefined) this.#tokens.fail(`expected the parameters of ${name} in parentheses, such as ${name}(${needed}=…)`);
    if (!("value" in definition)) return testOf(relationship, undefined, "case");
    const value = this.#tokens.word(`expected a value for ${name}`);
    const fitting = isExplicit ? relationship : relationshipFor(relationship, value.text);
    const test = testOf(fitting, value.text, this.#comparison(fitting) ?? (this.#ignoreCase ? "nocase" : "case"));
    const fault = problemOfValue(fitting, test);
    if (fault !== undefined) this.#tokens.fail(fault, value);
    return test;
  }

  #relationship(): NamedRelationship {
    const expected = `expected a relationship: ${relationshipWords}`;
    const token = this.#tokens.word(expected);
    const full = token.kind === "quoted" ? this.#inModule(token, token.text) : this.#quotedName(token);
    const found = full ?? findRelationship(token.text, this.#modules);
    const names = [...allModules, ...this.#modules.flatMap(({ name }) => name ?? [])].map((name) => `${name}:`);
    const last = names.pop();
    return found ?? this.#tokens.fail(`${expected}; ${names.join(", ")} or ${last} may stand before it`, token);
  }

  /** `'urn:example:module':name`, where the identifier was read. */
  #inModule(token: Token, capabilityId: string): NamedRelationship | undefined {
    const colon = this.#tokens.adjacent(token);
    if (colon === undefined) return undefined;
    if (colon.kind !== "word" || !colon.text.startsWith(":"))
      return this.#tokens.fail("expected a colon and the name of a relationship", colon);
    const rest = colon.text.slice(1);
    const name = rest === "" ? this.#tokens.adjacent(colon)?.text : rest;
    if (name === undefined) return this.#tokens.fail("expected the name of a relationship right behind the colon", colon);
    return this.#known(capabilityId, name, { start: token.start, end: colon.end });
  }

  /** `module:'name'`, where the module and the colon were read. */
  #quotedName(token: Token): NamedRelationship | undefined {
    const [next] = this.#tokens.ahead(1);
    if (!token.text.endsWith(":") || next?.kind !== "quoted" || next.start !== token.end) return undefined;
    const [capabilityId] = idsOf(token.text.slice(0, -1), this.#modules);
    if (capabilityId === undefined) return undefined;
    this.#tokens.skip(1);
    return this.#known(capabilityId, next.text, { start: token.start, end: next.end });
  }

  #known(capabilityId: string, name: string, place: Place): NamedRelationship {
    const relationship = findInModule(capabilityId, name, this.#modules);
    if (relationship === undefined) return this.#tokens.fail(`${capabilityId} has no relationship ${JSON.stringify(name)}`, place);
    return { relationship, isExplicit: true };
  }

  #comparison(relationship: Relationship): Comparison | undefined {
    const [token] = this.#tokens.ahead(1);
    if (token?.kind !== "word" || !isComparison(token.text)) return undefined;
    if (!allowsComparison(relationship, token.text)) this.#tokens.fail(`${relationship.name} cannot be told ${token.text}`, token);
    this.#tokens.skip(1);
    return token.text;
  }

  /** A test with the parameters that are written, and nothing else. */
  #exact({ capabilityId, name, definition }: Relationship): Test {
    const parameters: Parameter[] = [];
    const places: Place[] = [];
    while (!this.#tokens.takes(")")) {
      const { place, ...parameter } = this.#parameter();
      parameters.push(parameter);
      places.push(place);
    }
    const test = { capabilityId, relationship: name, parameters };
    const [fault] = definition === undefined ? [] : parameterFaults(test, definition);
    if (fault !== undefined) this.#tokens.fail(fault.message, places[Number(fault.at[0] ?? places.length - 1)]);
    return test;
  }

  #parameter(): Parameter & { readonly place: Place } {
    const first = this.#tokens.word("expected a parameter, such as value=1, or a closing parenthesis");
    const equals = first.kind === "word" ? first : this.#tokens.adjacent(first);
    const at = equals?.kind === "word" ? equals.text.indexOf("=") : -1;
    const isNamed = first.kind === "quoted" ? at === 0 : at > 0;
    if (equals === undefined || !isNamed) return this.#tokens.fail("expected the name of a parameter and =, such as value=1", first);
    const rest = equals.text.slice(at + 1);
    const quoted = rest === "" ? this.#tokens.adjacent(equals) : undefined;
    if (rest === "" && quoted === undefined) return this.#tokens.fail("expected the value right behind =; an empty one is ''", equals);
    const name = first.kind === "quoted" ? first.text : first.text.slice(0, at);
    return { name, value: quoted?.text ?? rest, place: { start: first.start, end: (quoted ?? equals).end } };
  }
}

function isComparison(text: string): text is Comparison {
  return comparisons.includes(text);
}
