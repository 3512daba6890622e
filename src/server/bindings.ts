/** Message bindings: what a server speaks, and in which of them it answers. */

import { bindingId, formatOfBinding, type MessageFormat, type TaxiiHeaders, versionOfBinding } from "../http/headers.js";
import { acceptsJson, acceptsXml } from "../http/media-type.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Service } from "./service.js";

/** How a message is written. */
export interface Wire {
  readonly version: TaxiiVersion;
  readonly format: MessageFormat;
}

/** The identifiers of the message bindings that go with these versions and formats, the later version first. */
export function bindingIds(versions: readonly TaxiiVersion[], formats: readonly MessageFormat[]): readonly string[] {
  const ordered = [...versions].sort().reverse();
  return [...new Set(formats.flatMap((format) => ordered.map((version) => bindingId(version, format))))];
}

/** The versions that any of the services speaks. */
export function versionsOf(services: readonly Service[]): readonly TaxiiVersion[] {
  return [...new Set(services.flatMap(({ versions }) => versions))];
}

/** Whether an Accept field leaves room for a message in any of the formats (HTTP-ACC-005). */
export function acceptsAny(accept: string | null, formats: readonly MessageFormat[]): boolean {
  return formats.some((format) => acceptsFormat(accept, format));
}

function acceptsFormat(accept: string | null, format: MessageFormat): boolean {
  return format === "xml" ? acceptsXml(accept) : acceptsJson(accept);
}

/**
 * The format to answer in: that of the request whenever it is welcome, otherwise the first welcome one in which the version of
 * the request can be written, in the order of preference (HTTP-XA-004, HTTP-XA-005, HTTP-XA-010). Undefined for none.
 *
 * @param accept the Accept field, which has to leave room for it as well
 */
export function negotiate(
  request: Wire,
  wanted: TaxiiHeaders["accept"],
  accept: string | null,
  formats: readonly MessageFormat[],
): MessageFormat | undefined {
  const named = wanted?.filter((id) => (versionOfBinding(id) ?? request.version) === request.version).map(formatOfBinding);
  const welcome = (named ?? formats).filter((format) => format !== undefined && formats.includes(format) && acceptsFormat(accept, format));
  return welcome.includes(request.format) ? request.format : welcome[0];
}
