/** Faults: what stands between a contract test and our server, and makes of it one that is wrong. */

import { identifiers, type TaxiiVersion } from "../../src/contract/version.js";
import type { Fetch } from "../../src/contract/wire.js";

/** What came back. Text of messages is without prefixes. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Changes to a request on its way. */
export interface Changes {
  readonly text?: string | undefined;
  /** Undefined takes a field away. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly url?: string | undefined;
}

/** A request, and the way on. */
export interface Exchange {
  readonly request: Request;
  readonly url: URL;
  readonly text: string;
  /** Pieces the body came in. */
  readonly pieces: number;
  /** Local name of the root element; empty for none. */
  readonly element: string;
  readonly version: TaxiiVersion;
  readonly messageId: string;
  /** Sends it on. */
  send(changes?: Changes): Promise<Answer>;
}

/** A fault. Made anew for each run, as it may remember something. */
export type Fault = (exchange: Exchange) => Promise<Answer>;

/** Tells which exchanges a fault is about. Default: all. */
export type When = (exchange: Exchange) => boolean;

/** Puts a fault in front of a server. */
export function withFault(fetch: Fetch, fault: Fault): Fetch {
  return async (request) => {
    const [bytes, pieces] = await bodyOf(request);
    const text = new TextDecoder().decode(bytes);
    const send = async (changes: Changes = {}): Promise<Answer> => {
      const headers = new Headers(request.headers);
      for (const [name, value] of Object.entries(changes.headers ?? {})) {
        if (value === undefined) headers.delete(name);
        else headers.set(name, value);
      }
      const body = changes.text === undefined ? bytes : new TextEncoder().encode(changes.text);
      const init = { method: request.method, headers, ...(request.method === "POST" ? { body } : {}) };
      const response = await fetch(new Request(changes.url ?? request.url, init));
      return { status: response.status, headers: response.headers, text: plain(await response.text()) };
    };
    const answer = await fault({ request, url: new URL(request.url), text, pieces, ...rootOf(text), send });
    const isBare = answer.status === 204 || request.method === "OPTIONS";
    return new Response(isBare ? null : answer.text, { status: answer.status, headers: answer.headers });
  };
}

async function bodyOf({ body }: Request): Promise<readonly [Uint8Array<ArrayBuffer>, number]> {
  const all: Uint8Array[] = [];
  for await (const piece of body ?? []) all.push(piece);
  return [Uint8Array.from(Buffer.concat(all)), all.length];
}

/** A message without prefixes. */
function plain(text: string): string {
  return text.replace(/(<\/?)taxii(?:_11)?:/g, "$1").replace(/xmlns:taxii(?:_11)?=/g, "xmlns=");
}

function rootOf(text: string): Pick<Exchange, "element" | "version" | "messageId"> {
  const [, element = ""] = /<([A-Z]\w+)/.exec(text) ?? [];
  const [, messageId = "0"] = /message_id="([^"]*)"/.exec(text) ?? [];
  return { element, version: text.includes(identifiers["1.1"].namespace) ? "1.1" : "1.0", messageId };
}

const always: When = () => true;

/** Exchanges in which `element` is asked, in both versions or in one. */
export function of(element: string, version?: TaxiiVersion): When {
  return (exchange) => exchange.element === element && (version === undefined || exchange.version === version);
}

/** Exchanges whose request has `pattern` in it. */
export function having(pattern: string | RegExp): When {
  return ({ text }) => (typeof pattern === "string" ? text.includes(pattern) : pattern.test(text));
}

/** Exchanges of which both are true. */
export function both(a: When, b: When): When {
  return (exchange) => a(exchange) && b(exchange);
}

/** Makes a fault for some exchanges; the others pass. */
export function whenever(when: When, fault: Fault): Fault {
  return (exchange) => (when(exchange) ? fault(exchange) : exchange.send());
}

/** Replies with something in them replaced. */
export function swap(from: string | RegExp, to: string, when: When = always): Fault {
  return whenever(when, async (exchange) => {
    const answer = await exchange.send();
    return { ...answer, text: answer.text.replace(from, to) };
  });
}

/** Requests with something in them replaced, so that the server does not see it. */
export function blind(from: string | RegExp, to: string, when: When = always): Fault {
  return whenever(when, ({ text, send }) => send({ text: text.replace(from, to) }));
}

/** Requests with other header fields than were sent. */
export function deaf(headers: (exchange: Exchange) => Readonly<Record<string, string | undefined>>, when: When = always): Fault {
  return whenever(when, (exchange) => exchange.send({ headers: headers(exchange) }));
}

/** Replies with another header field, or without it. */
export function field(name: string, value: string | undefined, when: When = always): Fault {
  return whenever(when, async (exchange) => {
    const answer = await exchange.send();
    const headers = new Headers(answer.headers);
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
    return { ...answer, headers };
  });
}

/** A bare reply. */
export function http(status: number, when: When = always, text = "something else\n"): Fault {
  return whenever(when, async () => ({ status, headers: new Headers({ "Content-Type": "text/plain" }), text }));
}

/** A Status_Message instead of what the server says. */
export function status(type: string, when: When = always, inside = ""): Fault {
  return whenever(when, async (exchange) => statusAnswer(exchange, type, inside));
}

export function statusAnswer({ version, messageId }: Exchange, type: string, inside = ""): Answer {
  const { namespace, message, services } = identifiers[version];
  const headers = new Headers({
    "Content-Type": "application/xml",
    "X-TAXII-Content-Type": message,
    "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
    "X-TAXII-Services": services,
  });
  const text = `<Status_Message xmlns="${namespace}" message_id="1" in_response_to="${messageId}" status_type="${type}">${inside}</Status_Message>`;
  return { status: 200, headers, text };
}

/** All the right header fields, whatever was sent. */
export function rightFields({ version }: Exchange): Record<string, string> {
  const { message, services } = identifiers[version];
  return {
    Accept: "application/xml",
    "X-TAXII-Accept": message,
    "X-TAXII-Content-Type": message,
    "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
    "X-TAXII-Services": services,
  };
}
