/** Requests with something wrong in them, each made from one number. */

import { gzipSync } from "node:zlib";
import {
  CollectionInformationRequest,
  InboxMessage,
  type Message,
  PollFulfillment,
  PollRequest,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { create } from "../../src/message/create.js";
import { toVersion10 } from "../../src/message/versions/index.js";
import type { Dice } from "../fuzz/dice.js";
import { mutateCharacters, mutateTree } from "../fuzz/mutations.js";
import { block, write } from "../server/kit.js";
import { discoveryXml, fieldsOf, requestBytes } from "./kit.js";
import { path } from "./services.js";

const subscription = { action: "SUBSCRIBE", collectionName: "feed", subscriptionParameters: {} } as const;
const translatable: readonly Message[] = [
  create(CollectionInformationRequest, {}),
  create(InboxMessage, { destinationCollectionNames: [], contentBlocks: [block("a"), block("<b/>")], recordCount: { value: 2 } }),
  create(PollRequest, { collectionName: "feed", subscriptionId: "urn:x" }),
  create(SubscriptionManagementRequest, { ...subscription, action: "UNSUBSCRIBE", subscriptionId: "urn:x" }),
];

const documents11 = [
  discoveryXml,
  ...translatable.map(write),
  write(create(InboxMessage, { destinationCollectionNames: ["feed", "feed"], contentBlocks: [block("a")] })),
  write(create(PollRequest, { collectionName: "feed", pollParameters: { responseType: "COUNT_ONLY" } })),
  write(create(PollFulfillment, { collectionName: "feed", resultId: "urn:x", resultPartNumber: 2 })),
  write(create(SubscriptionManagementRequest, subscription)),
];
const documents10 = translatable.map((message) => write(toVersion10(message)));

const values = [
  "",
  " ",
  "*/*",
  "application/xml",
  "application/xml; charset=utf-16",
  'text/xml;charset="iso-8859-1"',
  "application/json",
  "application/xml;q=0",
  "multipart/form-data; boundary=x",
  "gzip",
  "deflate",
  "br",
  "gzip, gzip",
  "identity",
  "utf-7",
  "urn:taxii.mitre.org:message:xml:1.0",
  "urn:taxii.mitre.org:message:xml:1.1",
  "urn:taxii.mitre.org:services:1.0",
  "urn:taxii.mitre.org:protocol:https:1.0",
  "urn:cert.europa.eu:message:json:1.0",
  "Basic Og==",
  "Basic ////",
  "Bearer x",
  "100-continue",
  "close",
  "keep-alive",
  "-1",
  "__proto__",
  "\xff\xfe",
  "\t",
  '"',
  "a".repeat(5000),
];

const names = [
  "Content-Type",
  "Content-Encoding",
  "Accept",
  "Accept-Encoding",
  "X-TAXII-Accept",
  "X-TAXII-Content-Type",
  "X-TAXII-Protocol",
  "X-TAXII-Services",
  "Authorization",
  "Expect",
  "Connection",
  "Host",
  "X-Forwarded-For",
  "Content-Length",
  "Transfer-Encoding",
  "Trailer",
  "TE",
  "Range",
  "If-Match",
  "Cookie",
  "__proto__",
];

const lines = [
  "GET /taxii HTTP/1.1",
  "PUT /taxii HTTP/1.1",
  "OPTIONS /taxii HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "DELETE /taxii HTTP/1.1",
  "PROPFIND /taxii HTTP/1.1",
  "M-SEARCH * HTTP/1.1",
  "TRACE /taxii HTTP/1.1",
  "post /taxii HTTP/1.1",
  "POST /taxii HTTP/1.0",
  "POST /taxii HTTP/2.0",
  "POST  /taxii HTTP/1.1",
  "POST /taxii?%00=%ff HTTP/1.1",
  "POST /TAXII HTTP/1.1",
  "POST /taxii/%2e%2e/taxii HTTP/1.1",
  "POST /x/../taxii HTTP/1.1",
  "POST http://[::1]:1/taxii HTTP/1.1",
  "POST \xff HTTP/1.1",
];

/** The bytes of a request. Most are whole, so that most reach what is behind HTTP. */
export function noise(dice: Dice): Buffer {
  if (dice.once(25)) return randomBytes(dice, 1 + dice.below(400));
  const version = dice.pick(["1.0", "1.1"] as const);
  const fields = mutateFields(fieldsOf(dice.once(12) ? dice.pick(["1.0", "1.1"] as const) : version), dice);
  const body = mutateBody(dice.pick(version === "1.0" ? documents10 : documents11), fields, dice);
  const request = requestBytes(body, fields, dice.once(10) ? dice.pick(lines) : `POST ${path} HTTP/1.1`);
  return dice.once(12) ? mutateBytes(request, dice) : request;
}

function mutateFields(fields: Record<string, string>, dice: Dice): Record<string, string> {
  for (let times = dice.below(4); times > 0; times--) {
    const name = dice.pick(names);
    if (dice.once(3)) delete fields[name];
    else fields[dice.once(4) ? `${name}: x\r\n${name}` : name] = dice.pick(values);
  }
  return fields;
}

function mutateBody(document: string, fields: Record<string, string>, dice: Dice): Uint8Array {
  const mutant = dice.once(3)
    ? mutateCharacters(document, dice)
    : Buffer.from(dice.once(2) ? mutateTree(document, dice, 1 + dice.below(3)) : document);
  const text = Buffer.from(mutant).toString("utf8");
  switch (dice.below(12)) {
    case 0:
      return Buffer.from(text, "utf16le");
    case 1:
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
    case 2:
      return Buffer.from(text, "latin1");
    case 3:
      fields["Content-Encoding"] = "gzip";
      return gzipSync(mutant);
    case 4:
      fields["Content-Encoding"] = "gzip";
      return mutateBytes(gzipSync(mutant), dice);
    case 5:
      return Buffer.from(text.replace(/encoding="[^"]*"/, `encoding="${dice.pick(["UTF-16", "US-ASCII", "x", "UTF-7", "EBCDIC-CP-US"])}"`));
    case 6:
      return mutant.subarray(0, dice.below(mutant.length + 1));
    default:
      return mutant;
  }
}

function mutateBytes(bytes: Buffer, dice: Dice): Buffer {
  const at = dice.below(bytes.length);
  switch (dice.below(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(dice, 1 + dice.below(8)), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + dice.below(8))]);
    default:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8));
      return bytes;
  }
}

function randomBytes(dice: Dice, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => dice.below(256)));
}
