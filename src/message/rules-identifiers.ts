/** Rules about identifiers and labels, wherever in messages they occur. */

import { isStrictUri, type Leaf, type Shape } from "../binding/index.js";
import { hasAuthority } from "../binding/uri.js";
import { compile } from "../codec/compiled.js";
import { quote } from "../codec/frames.js";
import { canonicalContentBinding, contentBindings } from "../constants.js";
import { isNesting } from "./content-binding.js";
import { shapesWithin } from "./plan.js";
import { isLabelOfRfc3339 } from "./rfc3339.js";
import { type Rule, rule } from "./rule.js";

/** What is demanded of an identifier beside being a URI. */
type Kind =
  /** Unique for its owner only. */
  | "local"
  /** Unique in the world: it should say whose it is. */
  | "global"
  /** Like `global`; may be a nesting expression, or be mistaken for a place for one. */
  | "binding";

/** Properties that are identifiers, in both versions and in Default Query. The names of status details are in rules-status. */
const identifiers: Readonly<Record<string, Kind>> = {
  messageId: "local",
  inResponseTo: "local",
  collectionName: "local",
  feedName: "local",
  destinationCollectionNames: "local",
  subscriptionId: "local",
  resultId: "local",
  serviceVersion: "global",
  protocolBinding: "global",
  messageBinding: "global",
  messageBindings: "global",
  bindingId: "binding",
  contentBinding: "binding",
  contentBindings: "binding",
  subtypeId: "global",
  formatId: "global",
  targetingExpressionId: "global",
  capabilityId: "global",
  capabilityModules: "global",
};

interface Identifier {
  readonly property: string;
  readonly kind: Kind;
  readonly many: boolean;
}

/** The simple fields of a shape, with what their values are. */
function leavesOf(shape: Shape): { property: string; leaf: Leaf<unknown>; many: boolean }[] {
  const { attributes, children } = compile(shape);
  return [
    ...attributes.map(({ property, leaf }) => ({ property, leaf, many: false })),
    ...children.flatMap(({ field, target }) =>
      target.kind === "leaf" ? [{ property: field.property, leaf: target, many: field.many }] : [],
    ),
  ];
}

function identifiersOf(shape: Shape): Identifier[] {
  return leavesOf(shape).flatMap(({ property, many }): Identifier[] => {
    // The one identifier with a name that means other things elsewhere.
    const kind = shape.type === "ExtendedHeaderType" && property === "name" ? "global" : identifiers[property];
    return kind === undefined ? [] : [{ property, kind, many }];
  });
}

type Visit = (id: string, at: readonly (string | number)[]) => void;

/** Calls `visit` for every identifier among the properties, for every layer of nesting expressions. */
function eachIdentifier(value: unknown, properties: readonly Identifier[], visit: Visit): void {
  if (typeof value !== "object" || value === null) return;
  for (const { property, kind, many } of properties) {
    const found: unknown = Reflect.get(value, property);
    if (!many || !Array.isArray(found)) eachLayer(found, kind, visit, [property]);
    else for (const [index, id] of found.entries()) eachLayer(id, kind, visit, [property, index]);
  }
}

function eachLayer(id: unknown, kind: Kind, visit: Visit, at: readonly (string | number)[]): void {
  if (typeof id !== "string") return;
  // Empty layers are for the rules about nesting.
  const layers = kind === "binding" && isNesting(id) ? id.split("|").filter((layer) => layer !== "") : [id];
  for (const layer of layers) visit(layer, at);
}

const wellKnown: ReadonlySet<string> = new Set(Object.values(contentBindings));

/** What can be said of an identifier by itself. */
type Verdict = "fine" | "empty" | "no URI" | "no owner";

// Blocks by the thousand have the same few identifiers.
const verdicts = new Map<string, Verdict>();
const mostVerdicts = 1000;

function judge(id: string): Verdict {
  const known = verdicts.get(id);
  if (known !== undefined) return known;
  const verdict =
    id === ""
      ? "empty"
      : !isStrictUri(id)
        ? "no URI"
        : hasAuthority(id) || wellKnown.has(canonicalContentBinding(id))
          ? "fine"
          : "no owner";
  if (verdicts.size >= mostVerdicts) verdicts.clear();
  verdicts.set(id, verdict);
  return verdict;
}

/** Rules for the identifiers and timestamp labels of a module, whose messages, or other roots, are given. */
export function identifierRules(module: string, roots: readonly Shape[]): Rule[] {
  return [...shapesWithin(...roots)].flatMap((shape) => [...identifierRulesFor(module, shape), ...labelRulesFor(module, shape)]);
}

function identifierRulesFor(module: string, shape: Shape): Rule[] {
  const all = identifiersOf(shape);
  const global = all.filter(({ kind }) => kind !== "local");
  const rules = [
    rule(shape, `${module}/identifier-is-not-empty`, "XML-ID-008", (value, report) => {
      eachIdentifier(value, all, (id, at) => id === "" && report("expected an identifier, found nothing", ...at));
    }),
    // anyURI takes spaces and characters outside ASCII, so peers send them; they are names like others to a receiver.
    rule(
      shape,
      `${module}/identifier-is-uri`,
      ["XML-ID-005", "XML-ID-007", "VER-ID-005"],
      (value, report) => {
        eachIdentifier(value, all, (id, at) => judge(id) === "no URI" && report(`expected a URI (RFC 3986), found ${quote(id)}`, ...at));
      },
      "tolerated",
    ),
    rule(
      shape,
      `${module}/identifier-has-authority`,
      ["XML-ID-006", "VER-ID-005", "XML-EXT-006"],
      (value, report) => {
        eachIdentifier(value, global, (id, at) => {
          if (judge(id) === "no owner") report(`${quote(id)} does not say whose it is; expected a URI with an authority`, ...at);
        });
      },
      "warning",
    ),
  ];
  return all.length === 0 ? [] : global.length === 0 ? rules.slice(0, 2) : rules;
}

function labelRulesFor(module: string, shape: Shape): Rule[] {
  const labels = leavesOf(shape).filter(({ leaf }) => leaf.name === "TimestampLabelType");
  if (labels.length === 0) return [];
  return [
    rule(shape, `${module}/label-fits-rfc-3339`, ["XML-TS-001", "XML-TS-007"], (value, report) => {
      for (const { property } of labels) {
        const label: unknown = typeof value === "object" && value !== null ? Reflect.get(value, property) : undefined;
        if (typeof label === "string" && !isLabelOfRfc3339(label)) {
          report(`${quote(label)} is no date-time of RFC 3339, which has neither hour 24 nor years before 0`, property);
        }
      }
    }),
  ];
}
