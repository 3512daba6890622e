/** The lexical space of xs:anyURI. */

// What an xs:anyURI may hold raw and a URI may not; XML Schema 1.0 part 2 §3.2.17 has these escaped before the check.
// A space is among them, so is every character outside ASCII.
const escapable = '[^\\x21-\\x7e]|[<>"{}|\\\\^`]';
const unreserved = "[A-Za-z0-9._~\\-]";
const subDelims = "[!$&'()*+,;=]";
const percent = "%[0-9A-Fa-f]{2}";
const pchar = `(?:${unreserved}|${percent}|${subDelims}|[:@]|${escapable})`;
const pcharNoColon = `(?:${unreserved}|${percent}|${subDelims}|@|${escapable})`;
const ipLiteral = "\\[(?:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:\\-]+)\\]";
const host = `(?:${ipLiteral}|(?:${unreserved}|${percent}|${subDelims}|${escapable})*)`;
const authority = `(?:(?:${unreserved}|${percent}|${subDelims}|:|${escapable})*@)?${host}(?::[0-9]*)?`;
const segments = `(?:/${pchar}*)*`;
const hierarchy = `(?://${authority}${segments}|/(?:${pchar}+${segments})?|${pchar}+${segments}|)`;
const relative = `(?://${authority}${segments}|/(?:${pchar}+${segments})?|${pcharNoColon}+${segments}|)`;
// Brackets in a fragment: RFC 2732 makes them reserved characters, so RFC 2396, which XML Schema 1.0 refers to, has them there.
const tail = `(?:\\?(?:${pchar}|[/?])*)?(?:#(?:${pchar}|[/?[\\]])*)?`;

const uriReference = new RegExp(`^(?:[A-Za-z][A-Za-z0-9+.\\-]*:${hierarchy}|${relative})${tail}$`, "su");

/** Whether `text`, already without surrounding white space, is an xs:anyURI: RFC 3986 once its odd characters are escaped. */
export function isAnyUri(text: string): boolean {
  return uriReference.test(text);
}

const strictReference = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?[A-Za-z0-9._~:/?[\]@!$&'()*+,;=%-]*(?:#[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?$/;

/** Whether `text` is a URI reference by RFC 3986 as it stands: not empty, nothing that would need escaping (XML-ID-005). */
export function isStrictUri(text: string): boolean {
  return text !== "" && strictReference.test(text) && isAnyUri(text);
}

/**
 * Whether `text` has a part that names its owner (XML-ID-006): `scheme://authority`, or a URN. TAXII's own identifiers, and
 * many of third parties, have a domain name in the place of a URN namespace, `urn:stix.mitre.org:xml:1.2`; no such namespace
 * is registered, but whose it is is clear.
 */
export function hasAuthority(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]+/.test(text) || /^urn:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:./i.test(text);
}
