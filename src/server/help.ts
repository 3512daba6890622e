/** What a person is told who opens the address of a service in a browser. */

import { namespaces } from "../constants.js";
import { headerNames, messageHeaders } from "../http/headers.js";
import { parseMediaType } from "../http/media-type.js";
import type { TaxiiVersion } from "../message/ids.js";
import { versionsOf } from "./bindings.js";
import { elementIn } from "./messages.js";
import type { Service } from "./service.js";

/** A page, and what it is. */
export interface HelpPage {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The page for the services at an address: which they are, what they take, which header fields are needed, and a line for curl.
 *
 * @param address the address, as others reach it
 * @param accept the Accept field; HTML is given to those who name it
 */
export function helpPage(services: readonly Service[], address: string, protocol: string, accept: string | null): HelpPage {
  const lines = describe(services, address, protocol);
  if (!wantsHtml(accept)) return { contentType: "text/plain; charset=utf-8", text: `${lines.join("\n")}\n` };
  const [title = "", ...rest] = lines.map(escapeHtml);
  const text = `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>TAXII service</title></head><body>\n<h1>${title}</h1>\n<pre>${rest.join("\n")}</pre>\n</body></html>\n`;
  return { contentType: "text/html; charset=utf-8", text };
}

function wantsHtml(accept: string | null): boolean {
  return (accept ?? "").split(",").some((range) => parseMediaType(range)?.type === "text/html");
}

function describe(services: readonly Service[], address: string, protocol: string): string[] {
  const types = services.map(({ type }) => type.toLowerCase().replaceAll("_", " "));
  const versions = [...versionsOf(services)].sort().reverse();
  const [latest = "1.1"] = versions;
  const login = services.every(({ requiresAccount }) => requiresAccount) ? ["", "It wants to know who asks: send credentials."] : [];
  return [
    `TAXII service: ${types.join(", ")}`,
    "",
    "This address is for programs. Requests are sent with POST.",
    "",
    ...versions.map((version) => `TAXII ${version}: ${elements(services, version).join(", ")}`),
    ...login,
    "",
    "Header fields of a request:",
    ...Object.entries(fields(latest, protocol)).map(([name, value]) => `  ${name}: ${value}`),
    "",
    "With curl:",
    `  ${curl(services, latest, address, protocol)}`,
  ];
}

function elements(services: readonly Service[], version: TaxiiVersion): string[] {
  const speaking = services.filter(({ versions }) => versions.includes(version));
  const names = speaking.flatMap(({ handlers }) => handlers.map(({ shape }) => elementIn(version, shape)));
  return [...new Set(names)].filter((name) => name !== undefined);
}

function fields(version: TaxiiVersion, protocol: string): Record<string, string> {
  const headers = messageHeaders(version, protocol);
  return { ...headers, [headerNames.accept]: headers[headerNames.contentType] ?? "" };
}

function curl(services: readonly Service[], version: TaxiiVersion, address: string, protocol: string): string {
  const headers = Object.entries(fields(version, protocol)).map(([name, value]) => `-H '${name}: ${value}'`);
  const namespace = version === "1.1" ? namespaces.taxii11 : namespaces.taxii10;
  const discovers = services.some(({ type }) => type === "DISCOVERY");
  const data = discovers ? `'<Discovery_Request xmlns="${namespace}" message_id="1"/>'` : "@message.xml";
  // A quote would end the shell's string.
  return ["curl", ...headers, "--data-binary", data, `'${address.replaceAll("'", "%27")}'`].join(" ");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
