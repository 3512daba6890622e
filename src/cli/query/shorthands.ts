/** Flags for what one mostly looks for in STIX, and the tests behind them. */

import { any, type Condition } from "./condition.js";
import { type Comparison, findRelationship, testOf } from "./relationships.js";

/** A flag for a kind of value. */
export interface Shorthand {
  /** The placeholder in the help. */
  readonly argument: string;
  readonly description: string;
  /** Where such values are, in STIX and CybOX; elements are found at any depth. */
  readonly targets: readonly string[];
  /** Whether the text there is the value, a list of CybOX that may have it as an item, or a text that may have it as a part. */
  readonly form: "value" | "list" | "text";
  readonly comparison: Comparison;
}

/** The flags by name. */
export const shorthands = {
  ip: { argument: "<address>", description: "IP address", targets: ["**/Address_Value"], form: "list", comparison: "nocase" },
  domain: {
    argument: "<name>",
    description: "domain or host name",
    targets: ["**/Value", "**/Hostname_Value"],
    form: "list",
    comparison: "nocase",
  },
  "url-value": { argument: "<url>", description: "URL in the content", targets: ["**/Value"], form: "list", comparison: "case" },
  hash: {
    argument: "<digest>",
    description: "hash of a file, of any kind",
    targets: ["**/Simple_Hash_Value", "**/Fuzzy_Hash_Value"],
    form: "list",
    comparison: "nocase",
  },
  email: { argument: "<address>", description: "e-mail address", targets: ["**/Address_Value"], form: "list", comparison: "nocase" },
  "file-name": { argument: "<name>", description: "name of a file", targets: ["**/File_Name"], form: "list", comparison: "nocase" },
  title: { argument: "<text>", description: "text within a title", targets: ["**/Title"], form: "text", comparison: "nocase" },
  id: { argument: "<id>", description: "id of any object", targets: ["**/@id"], form: "value", comparison: "case" },
} as const satisfies Readonly<Record<string, Shorthand>>;

/** A name of {@link shorthands}. */
export type ShorthandName = keyof typeof shorthands;

/** What CybOX puts between the values of a list in one element. */
const separator = "##comma##";

/** The condition that a record has this value at one of the flag's targets. */
export function conditionOf(name: ShorthandName, value: string): Condition {
  const { targets, form, comparison }: Shorthand = shorthands[name];
  const tests = testsFor(form, value);
  return any(targets.flatMap((target) => tests.map(([relationship, text]) => testAt(target, relationship, text, comparison))));
}

/** Relationships and values, of which one has to hold. */
function testsFor(form: Shorthand["form"], value: string): readonly (readonly [string, string])[] {
  switch (form) {
    case "value":
      return [["equals", value]];
    case "text":
      return [["contains", value]];
    case "list":
      return [
        ["equals", value],
        ["begins_with", `${value}${separator}`],
        ["ends_with", `${separator}${value}`],
        ["contains", `${separator}${value}${separator}`],
      ];
  }
}

function testAt(target: string, name: string, value: string, comparison: Comparison): Condition {
  const relationship = findRelationship(name);
  if (relationship === undefined) throw new TypeError(`there is no relationship ${name}`);
  return { criterion: { negate: false, target, test: testOf(relationship, value, comparison) } };
}
