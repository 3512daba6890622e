/** Vocabularies: what targets may say, and what they mean (QRY-TE-009). */

import type { Criteria, DefaultQuery } from "../../generated/default-query/index.js";
import { type Content, hasAuthority } from "../binding/index.js";
import { problemOfTarget } from "../message/targeting.js";
import { problemOfNames, type VocabularyNames } from "./vocabulary.js";

/** A vocabulary that is understood, and the regions of records that can be asked about. */
export interface Vocabulary {
  /** What `targeting_expression_id` names it. */
  readonly id: string;
  /** Regions that are quick to search. Default: none. */
  readonly preferredScopes?: readonly string[] | undefined;
  /** Other regions. Default: `**`, all of a record, when there is no preferred scope either. */
  readonly allowedScopes?: readonly string[] | undefined;
  /** Content bindings of the records it describes. Default: the one with the vocabulary's id (QRY-EVAL-010). */
  readonly bindings?: readonly string[] | undefined;
  /** Its elements and attributes. Default: any name is taken (QRY-STX-006). */
  readonly names?: VocabularyNames | undefined;
  /** Which wildcards its targets may have (QRY-TE-006). Default: both. */
  readonly wildcards?: { readonly one?: boolean | undefined; readonly run?: boolean | undefined } | undefined;
  /** What else is wrong with a target whose form is right, such as a name where none of its kind can be; undefined when nothing is. */
  readonly problem?: ((target: string) => string | undefined) | undefined;
  /**
   * What a target of the vocabulary means, in steps as those of STIX: where names are found that stand for places, where case does
   * not count, where a wildcard means something else. Default: the target itself.
   */
  readonly expression?: ((target: string) => string) | undefined;
  /**
   * The markup of a record, as elements and attributes with the names that targets have; undefined for a record that cannot be
   * looked into. Default: content that is XML. It must be well-formed.
   */
  readonly markup?: ((content: Content) => string | undefined) | undefined;
}

/** The content bindings of the records a vocabulary describes. */
export function bindingsOf({ id, bindings = [id] }: Vocabulary): readonly string[] {
  return bindings;
}

/** All that a vocabulary of a third party has to say. */
export interface VocabularyDefinition extends Vocabulary {
  /** A target of the vocabulary, to show what they look like. */
  readonly example: string;
}

/**
 * Defines a vocabulary. Nothing is registered: it is given to what should know it, the builder, `matches`, the server.
 *
 * ```ts
 * const fleet = defineVocabulary({
 *   id: "urn:example.com:vocabulary:fleet-1",
 *   bindings: ["urn:example.com:fleet-1"],
 *   names: vocabularyNames({ root: "Fleet", elements: ["Fleet", "Host", "Address"], attributes: ["site"] }),
 *   wildcards: { run: false },
 *   example: "Fleet/Host/Address",
 * });
 * ```
 *
 * @throws TypeError for an identifier without authority, and when its example or a scope is no target of it (QRY-INF-003)
 */
export function defineVocabulary<const V extends VocabularyDefinition>(vocabulary: V): V {
  const { id, example } = vocabulary;
  if (!hasAuthority(id))
    throw new TypeError(`the vocabulary ${JSON.stringify(id)}: expected a URI with authority, such as urn:example.com:…`);
  const problem = problemIn(vocabulary, example);
  if (problem !== undefined) throw new TypeError(`the example ${JSON.stringify(example)} of ${id} ${problem.is}: ${problem.reason}`);
  checkScopes(vocabulary);
  return Object.freeze({ ...vocabulary });
}

/**
 * Scopes are targets themselves (QRY-INF-003).
 *
 * @throws TypeError for one that is none
 */
export function checkScopes(vocabulary: Vocabulary): void {
  for (const scope of [...(vocabulary.preferredScopes ?? []), ...(vocabulary.allowedScopes ?? [])]) {
    // A scope may be wider than any target, and all wildcards mean in scopes what they mean to the engine.
    const problem = problemIn({ ...vocabulary, wildcards: undefined }, scope);
    if (problem !== undefined)
      throw new TypeError(`the scope ${JSON.stringify(scope)} of ${vocabulary.id} ${problem.is}: ${problem.reason}`);
  }
}

/** Why a target is none of the vocabulary. */
export interface TargetProblem {
  /** The verdict, to be put behind the target: `is none`. */
  readonly is: string;
  /** What is wrong, without a full stop. */
  readonly reason: string;
}

/** What is wrong with a target by the rules of its vocabulary: its form, its wildcards, its names; scopes are not looked at. */
export function problemIn(vocabulary: Vocabulary, target: string): TargetProblem | undefined {
  const form = problemOfTarget(target, vocabulary.id) ?? problemOfWildcards(vocabulary, target);
  if (form !== undefined) return { is: "is none", reason: form };
  const { names } = vocabulary;
  const stranger = (names && problemOfNames(target, names)) ?? vocabulary.problem?.(target.trim());
  return stranger === undefined ? undefined : { is: "is outside of the vocabulary", reason: stranger };
}

function problemOfWildcards({ wildcards: { one = true, run = true } = {} }: Vocabulary, target: string): string | undefined {
  const steps = target.trim().split("/");
  if (!one && steps.includes("*")) return "the vocabulary has no *";
  return !run && steps.includes("**") ? "the vocabulary has no **" : undefined;
}

/** A target in the steps the engine knows. */
export function engineExpression(vocabulary: Vocabulary, target: string): string {
  return vocabulary.expression?.(target.trim()) ?? target;
}

/** A query with its targets in the steps the engine knows; itself where they are. */
export function engineQuery(query: DefaultQuery, vocabulary: Vocabulary): DefaultQuery {
  if (vocabulary.expression === undefined) return query;
  const translated = ({ operator, items }: Criteria): Criteria => ({
    operator,
    items: items.map((item) => {
      if ("criteria" in item) return { criteria: translated(item.criteria) };
      const { criterion } = item;
      return { criterion: { ...criterion, target: engineExpression(vocabulary, criterion.target) } };
    }),
  });
  return { ...query, criteria: translated(query.criteria) };
}
