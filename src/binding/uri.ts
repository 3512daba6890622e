/** The lexical space of xs:anyURI. */

// What an xs:anyURI may hold raw and a URI may not (white space, quotes, all beyond ASCII) is escaped before the check, by
// XML Schema 1.0 part 2 §3.2.17, so each part is told by what ends it. A pattern with a choice for every character would run
// out of stack on values of some megabytes.
const ipLiteral = "\\[(?:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:\\-]+)\\]";
const authority = `(?:[^/?#[\\]@]*@)?(?:${ipLiteral}|[^/?#[\\]@:]*)(?::[0-9]*)?`;
const network = `//${authority}(?:/[^?#[\\]]*)?`;
const absolute = "/(?!/)[^?#[\\]]*";
const hierarchy = `(?:${network}|${absolute}|[^/?#[\\]][^?#[\\]]*|)`;
const relative = `(?:${network}|${absolute}|[^:/?#[\\]]+(?:/[^?#[\\]]*)?|)`;
// Brackets in a fragment: RFC 2732 makes them reserved characters, so RFC 2396, which XML Schema 1.0 refers to, has them there.
const tail = "(?:\\?[^#[\\]]*)?(?:#[^#]*)?";

const uriReference = new RegExp(`^(?:[A-Za-z][A-Za-z0-9+.\\-]*:${hierarchy}|${relative})${tail}$`);
const brokenEscape = /%(?![0-9A-Fa-f]{2})/;

/** Whether `text`, already without surrounding white space, is an xs:anyURI: RFC 3986 once its odd characters are escaped. */
export function isAnyUri(text: string): boolean {
  return uriReference.test(text) && !brokenEscape.test(text);
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
