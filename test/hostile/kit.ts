/** A server that listens, with every service of both versions at one address, and what its answers have to be like. */

import { afterEach, expect } from "vitest";
import { messages as messages10 } from "../../generated/taxii10/index.js";
import { DiscoveryRequest, messages } from "../../generated/taxii11/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { requestHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { type AnyMessage, isMessage10 } from "../../src/message/exchanges.js";
import type { TaxiiVersion } from "../../src/message/ids.js";
import { createServer, type Failure, type ServerOptions } from "../../src/server/index.js";
import { type ListenOptions, listen } from "../../src/server/node/index.js";
import type { Storage } from "../../src/storage/index.js";
import { http10, write } from "../server/kit.js";
import { path, services, storageWithFeeds } from "./services.js";
import { type Answer, exchange } from "./wire.js";

export interface Target {
  readonly url: string;
  readonly port: number;
  readonly storage: Storage;
}

export interface TargetOptions {
  readonly server?: Partial<ServerOptions>;
  readonly listen?: ListenOptions;
}

interface Running extends Target {
  readonly failures: Failure[];
  close(): Promise<void>;
}

const running: Running[] = [];

afterEach(async () => {
  const ended = running.splice(0);
  for (const { close } of ended) await close();
  // Whatever peers send: nothing of it is a fault of the server's own.
  expect(ended.flatMap(({ failures }) => failures.map(({ error }) => error))).toEqual([]);
});

/** Starts a server that ends with the test. What it reports as its own fault fails the test. */
export async function start(options: TargetOptions = {}): Promise<Target> {
  const storage = await storageWithFeeds();
  const failures: Failure[] = [];
  const server = createServer({ storage, services: services(), onFailure: (failure) => failures.push(failure), ...options.server });
  const { url, port, close } = await listen(server, { grace: 500, ...options.listen });
  running.push({ url, port, storage, failures, close });
  return { url, port, storage };
}

/** The header fields of a request, changed: undefined takes one away. */
export function fieldsOf(
  version: TaxiiVersion = "1.1",
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const fields = new Map<string, string>(Object.entries(requestHeaders(version, http10)));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) fields.delete(name);
    else fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** The bytes of a request: fields as they are given, one line each. Content-Length is added unless it is among them. */
export function requestBytes(
  body: string | Uint8Array,
  fields: Readonly<Record<string, string>> = fieldsOf(),
  line = `POST ${path} HTTP/1.1`,
): Buffer {
  const bytes = Buffer.from(body);
  const named = new Set(Object.keys(fields).map((name) => name.toLowerCase()));
  const own = {
    ...(named.has("host") ? {} : { Host: "127.0.0.1" }),
    ...(named.has("content-length") || named.has("transfer-encoding") ? {} : { "Content-Length": String(bytes.length) }),
  };
  const lines = Object.entries({ ...own, ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${line}\r\n${lines.join("")}\r\n`, "latin1"), bytes]);
}

/** A request that any server answers. */
export const discoveryXml = write(create(DiscoveryRequest, { messageId: "77" }));

/** The message of an answer, in the version its header field states. */
export function messageOf({ fields, body }: Pick<Answer, "fields" | "body">): AnyMessage {
  const is10 = fields.get("x-taxii-content-type")?.endsWith(":1.0") === true;
  const message: AnyMessage = is10 ? fromXml(messages10, body) : fromXml(messages, body);
  expect(isMessage10(message)).toBe(is10);
  return message;
}

/** Asks as well-behaved peers do. */
export async function expectToWork({ port }: Pick<Target, "port">): Promise<void> {
  const [answer, ...others] = await exchange(port, requestBytes(discoveryXml));
  if (answer === undefined) throw new Error("there was no answer");
  expect([answer.status, others]).toEqual([200, []]);
  expect(messageOf(answer)).toMatchObject({ $type: "taxii11.DiscoveryResponse", inResponseTo: "77" });
}

/** Traces of the inside of a server: stacks, files, queries, values that were put into text by accident. */
const inside =
  /\bat \S+ \(|\bat (?:async )?file:|node:internal|node_modules|\/src\/|\.[jt]s:\d|\bSELECT\b|\bSQLITE|\[object |TypeError|RangeError|\bundefined\b|\bNaN\b/;

/** Expects that an answer tells nothing of the inside, beside what the request brought along itself. */
export function expectNoLeak({ body, fields }: Pick<Answer, "fields" | "body">): void {
  const shown = [...fields.values(), body.toString("latin1")].join("\n");
  expect(shown).not.toMatch(inside);
}
