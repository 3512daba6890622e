/** Media types and the Accept field. */

/** A media type or range. */
export interface MediaType {
  /** Type and subtype in lower case, `application/xml`. */
  readonly type: string;
  /** Parameters by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const tokenPattern = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/;

const noParameters: ReadonlyMap<string, string> = new Map();

/** Reads `Application/XML; charset="utf-8"`; undefined when it is no media type (HTTP-CT-004). */
export function parseMediaType(value: string): MediaType | undefined {
  if (tokenPattern.test(value)) return { type: value, parameters: noParameters };
  const [first = "", ...rest] = splitOutsideQuotes(value, ";");
  const type = first.trim().toLowerCase();
  if (!tokenPattern.test(type)) return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    const name = parameter.slice(0, equals).trim().toLowerCase();
    if (!parameters.has(name)) parameters.set(name, unquote(parameter.slice(equals + 1).trim()));
  }
  return { type, parameters };
}

/** Whether a body of this type can be a TAXII message in XML. `text/xml` breaks HTTP-CT-001 but says the same. */
export function isXmlMediaType({ type }: MediaType): boolean {
  return type === "application/xml" || type === "text/xml";
}

/** Whether a body of this type can be a TAXII message in JSON. */
export function isJsonMediaType({ type }: MediaType): boolean {
  return type === "application/json";
}

/**
 * Whether an Accept field leaves room for `application/xml` (HTTP-ACC-005): the range that fits it most closely decides, and
 * `q=0` excludes. Absent means anything (HTTP-ACC-001); what cannot be read is passed over.
 */
export function acceptsXml(accept: string | null): boolean {
  return accepts(accept, closenessToXml);
}

/** The same for `application/json`. */
export function acceptsJson(accept: string | null): boolean {
  return accepts(accept, closenessToJson);
}

/** @param closenessTo how closely a range fits what is offered; 0 for not at all */
function accepts(accept: string | null, closenessTo: (range: string) => number): boolean {
  if (accept === null || accept.trim() === "") return true;
  if (tokenPattern.test(accept)) return closenessTo(accept) > 0;
  let closest = 0;
  let accepted = false;
  for (const item of splitOutsideQuotes(accept, ",")) {
    const range = parseMediaType(item);
    const closeness = range === undefined ? 0 : closenessTo(range.type);
    if (range === undefined || closeness === 0 || closeness < closest) continue;
    const wanted = quality(range) > 0;
    // Among equally close ranges, such as text/xml and application/soap+xml, one that is wanted is enough.
    accepted = closeness > closest ? wanted : accepted || wanted;
    closest = closeness;
  }
  return accepted;
}

function closenessToXml(range: string): number {
  if (range === "application/xml") return 4;
  if (range === "text/xml" || range.endsWith("+xml")) return 3;
  return closenessToAny(range);
}

function closenessToJson(range: string): number {
  return range === "application/json" ? 4 : closenessToAny(range);
}

function closenessToAny(range: string): number {
  if (range === "application/*") return 2;
  return range === "*/*" ? 1 : 0;
}

function quality({ parameters }: MediaType): number {
  const value = Number(parameters.get("q") ?? "1");
  return Number.isNaN(value) ? 1 : value;
}

/** Splits in one pass: a pattern that backs up would cost quadratic time on hostile quotes. */
function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquote(value: string): string {
  return value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
}
