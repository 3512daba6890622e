/** What a client must do on the wire and with what it is sent, as far as no other test is about it. */

import { describe, expect, it, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { DiscoveryResponse, PollRequest, StatusMessage } from "../../generated/taxii11/index.js";
import type { AnyMessage, ClientOptions } from "../../src/client/index.js";
import { headerNames } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { collect } from "../support/collect.js";
import { askingOnce as createClient, createPeer, isPoll, pollResponse, producer, respond, service } from "./peer.js";

const home = "https://taxii.test/discovery";
const poll = service("POLL", "http://taxii.test/poll");

describe("every request", () => {
  const xml = { "1.0": "urn:taxii.mitre.org:message:xml:1.0", "1.1": "urn:taxii.mitre.org:message:xml:1.1" } as const;
  const headersOf = async (version: "1.0" | "1.1", url: string) => {
    const peer = createPeer(({ message }) =>
      message.$type.startsWith("taxii10")
        ? create(taxii10.DiscoveryResponse, { inResponseTo: message.messageId })
        : create(DiscoveryResponse, { inResponseTo: message.messageId }),
    );
    await createClient(url, { fetch: peer.fetch, version, headers: { Accept: "text/xml", [headerNames.accept]: "" } }).discover();
    return peer.sent[0]?.headers ?? new Headers();
  };

  it.each(["1.0", "1.1"] as const)(
    "of TAXII %s accepts XML in its own message binding, whatever the caller's header fields [HTTP-ACC-001] [HTTP-ACC-002] [HTTP-ACC-003] [HTTP-ACC-004] [HTTP-XA-001] [HTTP-XA-002]",
    async (version) => {
      const headers = await headersOf(version, home);
      expect([headers.get("accept"), headers.get("x-taxii-accept")]).toEqual(["application/xml", xml[version]]);
    },
  );

  it.each(["1.0", "1.1"] as const)(
    "of TAXII %s names message binding, protocol and services [HTTP-XCT-002] [HTTP-XP-001] [HTTP-XP-002] [HTTP-XP-004] [HTTP-XS-001] [HTTP-XS-002]",
    async (version) => {
      for (const scheme of ["http", "https"]) {
        const headers = await headersOf(version, `${scheme}://taxii.test/`);
        expect(headers.get("x-taxii-content-type")).toBe(xml[version]);
        expect(headers.get("x-taxii-protocol")).toBe(`urn:taxii.mitre.org:protocol:${scheme}:1.0`);
        expect(headers.get("x-taxii-services")).toBe(`urn:taxii.mitre.org:services:${version}`);
      }
    },
  );
});

describe("header fields of a reply", () => {
  const discovering = (change: (headers: Headers) => void, options: ClientOptions = {}) => {
    const peer = createPeer(({ message }) => {
      const response = respond(create(DiscoveryResponse, { inResponseTo: message.messageId }));
      change(response.headers);
      return response;
    });
    return createClient(home, { fetch: peer.fetch, ...options }).discover();
  };

  it("that belong to requests do not matter [HTTP-XA-007]", async () => {
    expect(await discovering((headers) => headers.set("X-TAXII-Accept", "garbage"))).toEqual([]);
  });

  it("are found in any letter case, and their absence is noticed by who is strict [HTTP-GEN-002] [HTTP-XCT-003]", async () => {
    const lower = (headers: Headers): void => {
      const value = headers.get("X-TAXII-Content-Type") ?? "";
      headers.delete("X-TAXII-Content-Type");
      headers.set("x-taxii-CONTENT-type", value);
    };
    expect(await discovering(lower, { lenient: false })).toEqual([]);
    const absent = (headers: Headers): void => headers.delete("X-TAXII-Content-Type");
    await expect(discovering(absent, { lenient: false })).rejects.toMatchObject({ code: "NOT_TAXII" });
  });

  it.each(["Application/XML; charset=UTF-8", 'application/xml;charset="utf-8"', "text/xml", "text/html", undefined])(
    "say %s, and the message is read all the same [HTTP-CT-004] [HTTP-CT-005]",
    async (contentType) => {
      const change = (headers: Headers): void => {
        if (contentType === undefined) headers.delete("content-type");
        else headers.set("content-type", contentType);
      };
      expect(await discovering(change)).toEqual([]);
    },
  );

  it("name the character set where the document does not [HTTP-CT-006]", async () => {
    const peer = createPeer(({ message }) => {
      const status = create(StatusMessage, { inResponseTo: message.messageId, statusType: "DENIED", message: "NEIN" });
      const bytes = Buffer.from(respondText(status).replace("NEIN", "für Sie nicht"), "latin1");
      const { headers } = respond(status);
      headers.set("content-type", "application/xml; charset=ISO-8859-1");
      return new Response(bytes, { headers });
    });
    await expect(createClient(home, peer).discover()).rejects.toMatchObject({ message: "DENIED: für Sie nicht" });
  });
});

function respondText(status: StatusMessage): string {
  return `<t:Status_Message xmlns:t="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1" in_response_to="${status.inResponseTo}" status_type="DENIED"><t:Message>NEIN</t:Message></t:Status_Message>`;
}

test("a query string of an address goes along [HTTP-GEN-006]", async () => {
  const peer = producer([service("POLL", "https://taxii.test/poll?tenant=7&x=%20")], [], ({ message }) => pollResponse(message));
  await collect(createClient(home, peer).poll("feed"));
  expect(peer.sent.at(-1)?.url).toBe("https://taxii.test/poll?tenant=7&x=%20");
});

test("a reply for another collection, and misspelt header fields, are warned of", async () => {
  const codes: string[] = [];
  const peer = producer([poll], [], ({ message }) => {
    const response = respond(pollResponse(message, { collectionName: "Feed (internal)" }));
    response.headers.set("X-TAXII-Content-Type", "urn.taxii.mitre.org:message:xml:1.1");
    return response;
  });
  await collect(createClient(home, { fetch: peer.fetch, onWarning: ({ code }) => codes.push(code) }).poll("feed"));
  expect(codes).toEqual(["WRONG_HEADER", "WRONG_COLLECTION"]);
});

describe("what a client does not know", () => {
  it("in extended headers and query formats is handed on, and does not matter [XML-EXT-005] [XML-DSC-011]", async () => {
    const supported = { formatId: "urn:acme:query", content: { xml: "<q:any xmlns:q='urn:acme'><q:thing/></q:any>" } };
    const instances = [service("POLL", poll.address, { supportedQueries: [supported] })];
    const peer = createPeer(({ message }) =>
      create(DiscoveryResponse, {
        inResponseTo: message.messageId,
        extendedHeaders: { extendedHeaders: [{ name: "urn:acme:header", content: { text: "?" } }] },
        serviceInstances: instances,
      }),
    );
    expect(await createClient(home, peer).discover()).toMatchObject([{ supportedQueries: [{ formatId: "urn:acme:query" }] }]);
  });

  it("in content, its bindings and padding is handed on as it is [CB-MATCH-008] [XML-CBK-005]", async () => {
    const block = { contentBinding: { bindingId: "urn:acme:unknown" }, content: { text: "\u{1f40d}%%%" }, padding: "x".repeat(100) };
    const peer = producer([poll], [], ({ message }) => pollResponse(message, { contentBlocks: [block] }));
    expect(await collect(createClient(home, peer).poll("feed"))).toMatchObject([block]);
  });

  it("in status types is a failure [SVC-STAT-005]", async () => {
    const peer = producer([poll], [], ({ message }) =>
      create(StatusMessage, { inResponseTo: message.messageId, statusType: "urn:x:weird" }),
    );
    await expect(collect(createClient(home, peer).poll("feed"))).rejects.toMatchObject({ name: "StatusError", code: "urn:x:weird" });
  });

  it("that breaks a rule beyond the schema does not stop it: nobody has to validate [XML-GEN-006]", async () => {
    // Against XML-PRS-009: the end of a range is before its begin.
    const peer = producer([poll], [], ({ message }) =>
      pollResponse(message, { exclusiveBeginTimestamp: "2026-01-02T00:00:00Z", inclusiveEndTimestamp: "2026-01-01T00:00:00Z" }),
    );
    expect(await collect(createClient(home, peer).poll("feed", { allowAsynch: false }))).toEqual([]);
  });
});

test("texts of a peer are made fit for a terminal in errors, and kept as they are in messages [SEC-ID-005]", async () => {
  const hostile = "gone\u001b[2J\u0007\u202e\nfake: line";
  const answer = (message: AnyMessage): Response => {
    const status = create(StatusMessage, {
      inResponseTo: message.messageId,
      statusType: "DENIED",
      message: hostile.replace(/[\u0007\u001b]/g, ""),
    });
    return respond(status);
  };
  const client = createClient(
    home,
    createPeer(({ message }) => answer(message)),
  );
  const failure: unknown = await client.discover().catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: "DENIED: gone[2J fake: line", status: { message: "gone[2J\u202e\nfake: line" } });
  const page = createClient(home, { fetch: async () => new Response(hostile, { status: 500 }) });
  await expect(page.discover()).rejects.toMatchObject({ message: expect.stringContaining('"gone [2J fake: line"') });
});

test("labels are no times of events: a poll orders and bounds by them, and keeps them as texts [SVC-TS-005]", async () => {
  const label = "2014-12-19T00:00:00.123456+01:00";
  const peer = producer([poll], [], ({ message }) =>
    isPoll(message) ? pollResponse(message, { inclusiveEndTimestamp: label, contentBlocks: [block(label)] }) : pollResponse(message),
  );
  const run = createClient(home, peer).poll("feed", { before: label });
  expect((await collect(run)).map(({ timestampLabel }) => timestampLabel)).toEqual([label]);
  expect(run.end).toBe(label);
});

function block(timestampLabel: string) {
  return { contentBinding: { bindingId: "urn:x" }, content: { text: "x" }, timestampLabel };
}

test("queries are optional: a poll without one has none [QRY-GEN-001]", async () => {
  const peer = producer([poll], [], ({ message }) => pollResponse(message));
  await collect(createClient(home, peer).poll("feed"));
  const sent = peer.sent.at(-1)?.message;
  expect(sent?.$type === PollRequest.name && "pollParameters" in sent ? sent.pollParameters : undefined).not.toHaveProperty("query");
});

test("delivery to an inbox has to be asked for [SVC-PUSH-001]", async () => {
  const deliverTo = { protocolBinding: "urn:p", address: "https://me.test/inbox", messageBinding: "urn:taxii.mitre.org:message:xml:1.1" };
  const peer = producer([poll], [], ({ message }) => pollResponse(message));
  const client = createClient(home, peer);
  await collect(client.poll("feed"));
  await collect(client.poll("feed", { deliverTo }));
  const [without, asked] = peer.sent
    .slice(-2)
    .map(({ message }) => (message.$type === "taxii11.PollRequest" ? message.pollParameters : undefined));
  expect(without).not.toHaveProperty("deliveryParameters");
  expect(asked).toMatchObject({ allowAsynch: true, deliveryParameters: deliverTo });
});
