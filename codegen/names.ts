/** Names on the wire to names in TypeScript. */

const acronymThenWord = /([A-Z]+)([A-Z][a-z])/g;
const wordThenCapital = /([a-z0-9])([A-Z])/g;

function words(name: string): string[] {
  return name
    .replace(acronymThenWord, "$1_$2")
    .replace(wordThenCapital, "$1_$2")
    .split(/[_\-.]+/)
    .filter((word) => word !== "");
}

const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

/** `Exclusive_Begin_Timestamp` → `exclusiveBeginTimestamp`, `Subscription_ID` → `subscriptionId`. */
export function propertyName(wire: string): string {
  const [first = "", ...rest] = words(wire);
  return first.toLowerCase() + rest.map(capitalize).join("");
}

/** `TAXIIPollResponseType` → `PollResponse`, `Poll_Response` → `PollResponse`. */
export function typeName(wire: string): string {
  const bare = wire.replace(/^TAXII(?=[A-Z])/, "").replace(/(?<=.)(?:Type|Enum)$/, "");
  return words(bare).map(capitalize).join("");
}

/** The same with its `Type` or `Enum` kept, for names that would be taken otherwise. */
export function longTypeName(wire: string): string {
  return words(wire).map(capitalize).join("");
}

/** `contentBlock` → `contentBlocks`, `supportedQuery` → `supportedQueries`. */
export function plural(property: string): string {
  if (/[^aeiou]y$/.test(property)) return `${property.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(property) ? `${property}es` : `${property}s`;
}
