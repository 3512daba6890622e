/** Header fields of requests and replies. */

import { versionIds } from "../../constants.js";
import { type Check, check, holds } from "../check.js";
import { discoveryRequest, document } from "../documents.js";
import type { Probe } from "../probe.js";
import { describe, expectMessage, expectStatus, type Reply, statusTypeOf } from "../reply.js";
import { quoted } from "../texts.js";
import { identifiers, otherVersion, protocolOf, type TaxiiVersion } from "../version.js";

const fields = { contentType: "X-TAXII-Content-Type", protocol: "X-TAXII-Protocol", services: "X-TAXII-Services" } as const;
const once = { once: true } as const;

/** A reply that is an answer, and one that is an error. */
async function answerAndError(probe: Probe): Promise<readonly Reply[]> {
  return [await probe.discover(probe.url), await probe.post(probe.url, discoveryRequest(probe.version, {}, "<Unknown/>"))];
}

async function eachHas(probe: Probe, field: string, isRight: (value: string, reply: Reply) => boolean, expected: string): Promise<void> {
  for (const reply of await answerAndError(probe)) {
    if (reply.message === undefined) continue;
    const value = reply.headers.get(field);
    holds(value !== null, `${field} is missing from ${describe(reply)}`);
    holds(isRight(value.trim(), reply), `${field} is ${quoted(value)} of ${describe(reply)}; expected ${expected}`);
  }
}

/** An error, of whatever type: garbage must not be taken. */
async function rejects(probe: Probe, headers: Readonly<Record<string, string>>, ...types: readonly string[]): Promise<void> {
  const reply = await probe.discover(probe.url, { headers });
  if (reply.message === undefined && reply.status >= 400) return;
  expectStatus(reply, ...types);
}

const taken = (reply: Reply): void => void expectMessage(reply, "DiscoveryResponse");

/** A body in pieces of one byte each: fetch sends it in chunks. */
function inPieces(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at === bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, ++at));
    },
  });
}

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function utf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  [0xfeff, ...Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))].forEach((unit, index) => {
    view.setUint16(2 * index, unit, true);
  });
  return bytes;
}

async function accepts(probe: Probe, accept: string): Promise<void> {
  taken(await probe.discover(probe.url, { headers: { Accept: accept } }));
}

async function bindingOfReply(probe: Probe, list: string): Promise<void> {
  const reply = await probe.discover(probe.url, { headers: { "X-TAXII-Accept": list } });
  taken(reply);
  holds(reply.version === probe.version, `the reply is one of TAXII ${reply.version ?? "?"}, the request one of TAXII ${probe.version}`);
}

const both = (first: TaxiiVersion): string => `${identifiers[first].message} ${identifiers[otherVersion(first)].message}`;

export const httpHeaders: readonly Check[] = [
  check("HTTP-GEN-003", "MUST", "A request in chunks is taken.", once, async (probe) => {
    taken(await probe.post(probe.url, inPieces(discoveryRequest(probe.version))));
  }),
  check("HTTP-GEN-005", "DECIDE", "A request packed with gzip is taken, or refused with HTTP 415.", once, async (probe) => {
    const reply = await probe.post(probe.url, await gzipped(discoveryRequest(probe.version)), { headers: { "Content-Encoding": "gzip" } });
    if (reply.status === 415) return "it is refused with HTTP 415";
    return taken(reply) ?? undefined;
  }),
  check("HTTP-GEN-006", "MAY", "Parameters of the address that mean nothing do no harm.", once, async (probe) => {
    const address = new URL(probe.url);
    address.searchParams.append("contract-test", "1");
    taken(await probe.discover(address.href));
  }),
  check("HTTP-ACC-005", "DECIDE", "Accept may have wildcards, other XML types and preferences.", once, async (probe) => {
    for (const accept of ["*/*", "application/*", "application/json;q=0.1, application/xml;q=0.5"]) await accepts(probe, accept);
  }),
  check("HTTP-CT-001", "MUST", "Replies have a Content-Type of application.", { also: ["HTTP-CT-003"] }, async (probe) => {
    for (const reply of await answerAndError(probe)) {
      const type = reply.headers.get("Content-Type");
      if (type === null || reply.message === undefined) continue;
      holds(/^application\/([\w.-]+\+)?xml\s*(;|$)/i.test(type.trim()), `Content-Type is ${quoted(type)}; expected application/xml`);
    }
  }),
  check("HTTP-CT-004", "MUST", "Content-Type is understood in any case, and with parameters.", once, async (probe) => {
    const headers = { "Content-Type": 'Application/XML;charset="utf-8"' };
    taken(await probe.discover(probe.url, { headers }));
  }),
  check("HTTP-CT-005", "DECIDE", "A request without Content-Type is taken.", once, async (probe) => {
    taken(await probe.discover(probe.url, { headers: { "Content-Type": undefined } }));
  }),
  check("HTTP-CT-006", "DECIDE", "A byte order mark and a charset parameter count.", once, async (probe) => {
    const declared = discoveryRequest(probe.version);
    taken(await probe.post(probe.url, utf16(declared.replace(' encoding="UTF-8"', ""))));
    const headers = { "Content-Type": "application/xml; charset=iso-8859-1" };
    const latin = declared.replace(' encoding="UTF-8"', "").replace(/\/>$/, "><!--\u00e9--></Discovery_Request>");
    taken(
      await probe.post(
        probe.url,
        Uint8Array.from(latin, (character) => character.charCodeAt(0)),
        { headers },
      ),
    );
  }),
  check("HTTP-XA-004", "MUST", "A reply is of a binding X-TAXII-Accept lists.", {}, async (probe) => {
    const list = ["urn:example:contract-test", identifiers[probe.version].message];
    const reply = await probe.discover(probe.url, { headers: { "X-TAXII-Accept": list.join(" ") } });
    taken(reply);
    const value = reply.headers.get(fields.contentType) ?? "";
    holds(list.includes(value), `${fields.contentType} is ${quoted(value)}; expected ${list.join(" or ")}`);
  }),
  check("HTTP-XA-005", "MUST", "Without X-TAXII-Accept any binding will do.", {}, async (probe) => {
    taken(await probe.discover(probe.url, { headers: { "X-TAXII-Accept": undefined } }));
  }),
  check("HTTP-XA-006", "SHOULD NOT", "Replies do not have X-TAXII-Accept.", once, async (probe) => {
    for (const reply of await answerAndError(probe)) holds(!reply.headers.has("X-TAXII-Accept"), `X-TAXII-Accept is in ${describe(reply)}`);
  }),
  check("HTTP-XA-008", "DECIDE", "Commas between bindings are spaces.", once, async (probe) => {
    await bindingOfReply(probe, `urn:example:contract-test,${identifiers[probe.version].message}`);
  }),
  check("HTTP-XA-009", "DECIDE", "Bindings the server does not have are UNSUPPORTED_MESSAGE or HTTP 406.", {}, async (probe) => {
    const reply = await probe.discover(probe.url, { headers: { "X-TAXII-Accept": "urn:example:contract-test" } });
    if (reply.status === 406 && reply.message === undefined) return;
    expectStatus(reply, "UNSUPPORTED_MESSAGE");
  }),
  check(
    "HTTP-XA-010",
    "DECIDE",
    "A reply is of the request's own binding when that is listed, also as the second one.",
    {},
    async (probe) => {
      await bindingOfReply(probe, both(otherVersion(probe.version)));
      await bindingOfReply(probe, both(probe.version));
    },
  ),
  check("HTTP-XCT-001", "MUST", "Replies have X-TAXII-Content-Type, errors as well.", { also: ["HTTP-RSP-002"] }, async (probe) => {
    await eachHas(probe, fields.contentType, (value) => value !== "", "a message binding");
  }),
  check("HTTP-XCT-002", "MUST", "X-TAXII-Content-Type of replies is the binding of the message.", {}, async (probe) => {
    const right = (value: string, { version }: Reply): boolean => version !== undefined && value === identifiers[version].message;
    await eachHas(probe, fields.contentType, right, "the binding of the message");
  }),
  check("HTTP-XCT-004", "DECIDE", "X-TAXII-Content-Type of one version with a message of the other is an error.", {}, async (probe) => {
    const { message, services } = identifiers[otherVersion(probe.version)];
    await rejects(probe, { [fields.contentType]: message, [fields.services]: services }, "BAD_MESSAGE", "UNSUPPORTED_MESSAGE");
  }),
  check("HTTP-XP-001", "MUST", "Replies have X-TAXII-Protocol, errors as well.", {}, async (probe) => {
    await eachHas(probe, fields.protocol, (value) => value !== "", "a protocol binding");
  }),
  check("HTTP-XP-002", "MUST", "X-TAXII-Protocol that is no protocol binding is an error.", once, async (probe) => {
    await rejects(probe, { [fields.protocol]: "contract test" });
  }),
  check("HTTP-XP-004", "MUST", "X-TAXII-Protocol of replies is that of the address.", {}, async (probe) => {
    const right = protocolOf(probe.url);
    await eachHas(probe, fields.protocol, (value) => value === right, right);
  }),
  check("HTTP-XP-004/request", "MUST", "X-TAXII-Protocol of another scheme is an error.", once, async (probe) => {
    const right = protocolOf(probe.url);
    await rejects(probe, { [fields.protocol]: right === versionIds.http10 ? versionIds.https10 : versionIds.http10 });
  }),
  check("HTTP-XS-001", "MUST", "Replies have X-TAXII-Services, errors as well.", {}, async (probe) => {
    await eachHas(probe, fields.services, (value) => value !== "", "a services version");
  }),
  check("HTTP-XS-002", "MUST", "X-TAXII-Services of replies is the services version of the message.", {}, async (probe) => {
    const right = (value: string, { version }: Reply): boolean => version !== undefined && value === identifiers[version].services;
    await eachHas(probe, fields.services, right, "the services version of the message");
  }),
  check("HTTP-XS-002/request", "MUST", "X-TAXII-Services that is no services version is an error.", once, async (probe) => {
    await rejects(probe, { [fields.services]: "urn:example:contract-test" });
  }),
  check("HTTP-XS-004", "DECIDE", "X-TAXII-Services of the other version is an error.", {}, async (probe) => {
    await rejects(probe, { [fields.services]: identifiers[otherVersion(probe.version)].services });
  }),
  check(
    "HTTP-ERR-001",
    "DECIDE",
    "A request that lacks a TAXII header field is refused, and the reply names the field.",
    {},
    async (probe) => {
      for (const field of Object.values(fields)) {
        const reply = await probe.discover(probe.url, { headers: { [field]: undefined } });
        const { message = "" } = expectStatus(reply, "BAD_MESSAGE");
        holds(message.toLowerCase().includes(field.toLowerCase()), `${describe(reply)} does not name ${field}`);
      }
    },
  ),
  check("HTTP-ERR-003", "DECIDE", "A message binding the server does not have is UNSUPPORTED_MESSAGE.", once, async (probe) => {
    const reply = await probe.discover(probe.url, { headers: { [fields.contentType]: "urn:example:contract-test" } });
    if (reply.status === 415 && statusTypeOf(reply) === undefined) return;
    expectStatus(reply, "UNSUPPORTED_MESSAGE");
  }),
  check("XML-EXT-005", "SHOULD", "Extended headers nobody knows are ignored.", {}, async (probe) => {
    const header = '<Extended_Headers><Extended_Header name="urn:example:contract-test">x</Extended_Header></Extended_Headers>';
    taken(await probe.post(probe.url, document(probe.version, "Discovery_Request", {}, header)));
  }),
];
