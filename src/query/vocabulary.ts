/** The names of a vocabulary: which elements and attributes a target can be about (QRY-TE-006). */

import { quote } from "../codec/quote.js";
import { closest } from "./closest.js";
import { type Step, stepsOf } from "./steps.js";

/** The names of the elements and attributes of a vocabulary. */
export interface VocabularyNames {
  /** The root of every record. Default: any element. */
  readonly root?: string | undefined;
  /** Whether there is an element of that name. */
  hasElement(name: string): boolean;
  /** Whether there is an attribute of that name, without `@`. */
  hasAttribute(name: string): boolean;
  /** Whether content of other formats stands within an element; names below it can be any. */
  isOpen(element: string): boolean;
  /** The step that is most like one that is none, when one is. */
  suggest(step: string): string | undefined;
}

/** Names as lists. */
export interface NameLists {
  /** A vocabulary whose names are taken as well, such as `stixNames("1.2")` for content with objects of your own. */
  readonly base?: VocabularyNames | undefined;
  /** The root of every record, one of the elements. Default: that of `base`; without it, any element. */
  readonly root?: string | undefined;
  readonly elements: Iterable<string>;
  /** Without `@`. */
  readonly attributes: Iterable<string>;
  /** Elements in which content of other formats stands. Default: none. */
  readonly open?: Iterable<string> | undefined;
}

/** The names of a vocabulary of your own (QRY-TE-009). */
export function vocabularyNames({ base, root = base?.root, ...lists }: NameLists): VocabularyNames {
  const [elements, attributes, open] = [new Set(lists.elements), new Set(lists.attributes), new Set(lists.open)];
  return {
    root,
    hasElement: (name) => elements.has(name) || (base?.hasElement(name) ?? false),
    hasAttribute: (name) => attributes.has(name) || (base?.hasAttribute(name) ?? false),
    isOpen: (element) => open.has(element) || (base?.isOpen(element) ?? false),
    suggest(step) {
      const attribute = step.startsWith("@") ? nearest(step.slice(1), attributes) : undefined;
      const found = step.startsWith("@") ? attribute && `@${attribute}` : nearest(step, elements);
      return found ?? base?.suggest(step);
    },
  };
}

/**
 * What of a targeting expression is outside of the vocabulary, or undefined (QRY-STX-002, QRY-STX-006). A name is outside when the
 * vocabulary has no element or attribute of that name, except below an element in which other formats stand; so is a first name
 * other than the root's, which would match nothing (QRY-STX-003). Which element stands within which is not looked at.
 *
 * @param expression one whose form was checked
 */
export function problemOfNames(expression: string, names: VocabularyNames): string | undefined {
  const steps = stepsOf(expression);
  for (const [index, step] of steps.entries()) {
    if (step.kind === "one" || step.kind === "run") continue;
    const problem = problemOfName(step, names) ?? (index === 0 ? problemOfFirst(step, names) : undefined);
    if (problem !== undefined) return problem;
    if (step.kind === "element" && names.isOpen(step.name)) return undefined;
  }
  return undefined;
}

type NamedStep = Extract<Step, { name: string }>;

function textOf({ kind, name }: NamedStep): string {
  return kind === "attribute" ? `@${name}` : name;
}

function problemOfName(step: NamedStep, names: VocabularyNames): string | undefined {
  if (step.kind === "attribute" ? names.hasAttribute(step.name) : names.hasElement(step.name)) return undefined;
  const suggestion = names.suggest(textOf(step));
  const hint = suggestion === undefined ? "" : `, perhaps ${quote(suggestion)} is meant`;
  return `the vocabulary has no ${step.kind} ${quote(textOf(step))}${hint}`;
}

function problemOfFirst(step: NamedStep, { root }: VocabularyNames): string | undefined {
  if (root === undefined || (step.kind === "element" && step.name === root)) return undefined;
  return `the first step is the root ${quote(root)}, * or **, not ${quote(textOf(step))}`;
}

/** The name that is meant; of so many names only one that is very like it. */
function nearest(name: string, known: Iterable<string>): string | undefined {
  return closest(name, known, Math.min(3, Math.floor(name.length / 4)));
}
