/** Flags for what one mostly looks for in STIX, and the tests behind them. */

import { any, type Condition } from "../../query/build/condition.js";
import { contains, endsWith, equals, startsWith } from "../../query/build/tests.js";

/** A flag for a kind of value. */
export interface Shorthand {
  /** The placeholder in the help. */
  readonly argument: string;
  readonly description: string;
  /** Where such values are, in STIX and CybOX; elements are found at any depth. */
  readonly targets: readonly string[];
  /** Whether the text there is the value, a list of CybOX that may have it as an item, or a text that may have it as a part. */
  readonly form: "value" | "list" | "text";
  readonly caseSensitive: boolean;
}

/** The flags by name. */
export const shorthands = {
  ip: { argument: "<address>", description: "IP address", targets: ["**/Address_Value"], form: "list", caseSensitive: false },
  domain: {
    argument: "<name>",
    description: "domain or host name",
    targets: ["**/Value", "**/Hostname_Value"],
    form: "list",
    caseSensitive: false,
  },
  "url-value": { argument: "<url>", description: "URL in the content", targets: ["**/Value"], form: "list", caseSensitive: true },
  hash: {
    argument: "<digest>",
    description: "hash of a file, of any kind",
    targets: ["**/Simple_Hash_Value", "**/Fuzzy_Hash_Value"],
    form: "list",
    caseSensitive: false,
  },
  email: { argument: "<address>", description: "e-mail address", targets: ["**/Address_Value"], form: "list", caseSensitive: false },
  "file-name": { argument: "<name>", description: "name of a file", targets: ["**/File_Name"], form: "list", caseSensitive: false },
  title: { argument: "<text>", description: "text within a title", targets: ["**/Title"], form: "text", caseSensitive: false },
  id: { argument: "<id>", description: "id of any object", targets: ["**/@id"], form: "value", caseSensitive: true },
} as const satisfies Readonly<Record<string, Shorthand>>;

/** A name of {@link shorthands}. */
export type ShorthandName = keyof typeof shorthands;

/** What CybOX puts between the values of a list in one element. */
const separator = "##comma##";

/** The condition that a record has this value at one of the flag's targets. */
export function conditionOf(name: ShorthandName, value: string): Condition {
  const { targets, form, caseSensitive }: Shorthand = shorthands[name];
  return any(...targets.flatMap((target) => testsFor(form, target, value, { caseSensitive })));
}

/** Tests of which one has to hold. */
function testsFor(form: Shorthand["form"], target: string, value: string, options: { readonly caseSensitive: boolean }): Condition[] {
  switch (form) {
    case "value":
      return [equals(target, value, options)];
    case "text":
      return [contains(target, value, options)];
    case "list":
      return [
        equals(target, value, options),
        startsWith(target, `${value}${separator}`, options),
        endsWith(target, `${separator}${value}`, options),
        contains(target, `${separator}${value}${separator}`, options),
      ];
  }
}
