/** Products as they are: the client gets their data, or says precisely why not. */

import { describe, expect, it } from "vitest";
import { type Auth, basic, jwtLogin } from "../../src/client/node/index.js";
import { contentBytes, contentJson } from "../../src/message/content/index.js";
import { createAuthority } from "../support/certificates.js";
import { meet, polled } from "./kit.js";
import type { Answer } from "./peer.js";
import { ciscoCta, ctaResult } from "./peers/cisco-cta.js";
import { aisSubscription, dhsAis } from "./peers/dhs-ais.js";
import { eclecticIq, eclecticIqContents } from "./peers/eclecticiq.js";
import { hailataxii } from "./peers/hailataxii.js";
import { limo } from "./peers/limo.js";
import { minemeld } from "./peers/minemeld.js";
import { openTaxii } from "./peers/opentaxii.js";
import { apiKey, otx } from "./peers/otx.js";
import { soltra } from "./peers/soltra.js";
import { threatConnect } from "./peers/threatconnect.js";
import { xsoar } from "./peers/xsoar.js";

const path = "/discovery";
const stix = "<s:STIX xmlns:s='urn:s'/>";

describe("OTX", () => {
  it("[HTTP-ACC-003] takes a key for a name, an empty password, and application/xml alone", async () => {
    const { client, warned } = await meet(otx, { path, auth: basic(apiKey, "") });
    expect(await polled(client, "user_AlienVault")).toMatchObject({ contents: [stix], error: undefined });
    expect(warned).toEqual([]);
  });

  it("[HTTP-MAP-004] refuses a wrong key in plain text, which is UNAUTHORIZED", async () => {
    const { client, peer } = await meet(otx, { path, auth: basic("wrong", "") });
    const { error } = await polled(client, "user_AlienVault");
    expect(error).toMatchObject({ code: "NOT_TAXII", status: 401, statusType: "UNAUTHORIZED" });
    // Not asked again, and not asked for polls in the place of discovery: the key is wrong everywhere.
    expect(peer.asked).toHaveLength(1);
  });

  it("fails in vague words, which are passed on", async () => {
    const { client } = await meet(otx, { path, auth: basic(apiKey, "") });
    const { error } = await polled(client, "user_unknown");
    expect(error).toMatchObject({ code: "FAILURE", message: "FAILURE: There was a failure while executing the message handler" });
  });
});

describe("hailataxii", () => {
  it.each(["1.1", "1.0"] as const)("has one http address for everything, called https, in TAXII %s", async (version) => {
    const { client, peer, warned } = await meet(hailataxii, { path: "/taxii-discovery-service", version, auth: basic("guest", "guest") });
    expect(await polled(client, "guest.Abuse_ch")).toMatchObject({ contents: ["<s:STIX xmlns:s='urn:s' idref='x'/>"], error: undefined });
    expect(peer.asked.map(({ path: at, type }) => [at, type.split("_").at(-1)])).toEqual([
      ["/taxii-discovery-service", "Request"],
      ["/taxii-data", "Request"],
      ["/taxii-data", "Request"],
    ]);
    expect(warned).toEqual([]);
  });

  it("knows no subscriptions", async () => {
    const { client } = await meet(hailataxii, { path, version: "1.1", auth: basic("guest", "guest") });
    await expect(client.subscribe("guest.Abuse_ch")).rejects.toMatchObject({ code: "UNSUPPORTED_MESSAGE" });
  });
});

describe("Soltra Edge", () => {
  it("takes every message at one address, without discovery, under ids of its own", async () => {
    const { client, warned } = await meet(soltra(), { path: "/taxii-data" });
    expect((await client.collections()).map(({ collectionName }) => collectionName)).toEqual(["system.Default"]);
    expect((await polled(client, "system.Default")).contents).toHaveLength(2);
    expect(warned).toEqual(["NO_DISCOVERY"]);
  });

  it("breaks off: what came whole is there, once, and then the error with its place", async () => {
    const { client, peer } = await meet(soltra(150), { path: "/taxii-data" });
    const { contents, error, poll } = await polled(client, "system.Default");
    expect(contents).toEqual(["<s:STIX xmlns:s='urn:s' id='1'/>"]);
    expect(error).toMatchObject({ code: "TRUNCATED", line: 1 });
    expect(poll.end).toBeUndefined();
    // It was asked again, as a truncated reply may be whole the next time.
    expect(peer.asked.filter(({ type }) => type === "Poll_Request")).toHaveLength(3);
  });
});

describe("XSOAR", () => {
  it("swaps the ends of the range, and leaves out labels and X-TAXII-Services", async () => {
    const { client, warnings } = await meet(xsoar, { path, auth: basic("ann", "hush") });
    const { contents, error, poll } = await polled(client);
    expect([contents, error]).toEqual([[stix], undefined]);
    expect([poll.begin, poll.end]).toEqual(["2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z"]);
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: "UNEXPECTED_ELEMENT",
        line: 1,
        message: expect.stringContaining("<Exclusive_Begin_Timestamp>") as string,
      }),
    );
  });

  it("is refused when replies are to be as specified", async () => {
    const { client } = await meet(xsoar, { path, auth: basic("ann", "hush"), lenient: false });
    expect((await polled(client)).error).toMatchObject({ code: "UNEXPECTED_ELEMENT", line: 1 });
  });

  it("says in plain text that a password is wrong, and does not get it back in the error", async () => {
    const { client } = await meet(xsoar, { path, auth: basic("ann", "with:colon") });
    const { error } = await polled(client);
    expect(error).toMatchObject({
      code: "NOT_TAXII",
      status: 401,
      statusType: "UNAUTHORIZED",
      message: expect.stringContaining("Authorization failed"),
    });
  });
});

describe("MineMeld", () => {
  it("wants its header fields, and gets them", async () => {
    const { client, warned } = await meet(minemeld, { path });
    expect(await polled(client)).toMatchObject({ contents: [], error: undefined });
    expect(warned).toEqual([]);
  });

  it("says SUCCESS where there is nothing, which is an empty result", async () => {
    const { client, warned } = await meet(minemeld, { path });
    const { contents, error, poll } = await polled(client, "empty", { before: "2024-06-01T00:00:00Z" });
    expect([contents, error, poll.end]).toEqual([[], undefined, "2024-06-01T00:00:00Z"]);
    expect(warned).toContain("STATUS_FOR_EMPTY_POLL");
  });

  it("[HTTP-MAP-003] refuses TAXII 1.0 in plain text, which is BAD_MESSAGE", async () => {
    const { client } = await meet(minemeld, { version: "1.0" });
    expect((await polled(client)).error).toMatchObject({
      status: 400,
      statusType: "BAD_MESSAGE",
      message: expect.stringContaining("Unsupported version"),
    });
  });
});

describe("ThreatConnect", () => {
  const items = (...numbers: number[]): string[] => numbers.map((number) => `<i xmlns='urn:i'>${number}</i>`);

  it("sends many parts", async () => {
    const { client } = await meet(threatConnect({ endless: "no" }));
    expect(await polled(client)).toMatchObject({ contents: items(1, 2, 3), error: undefined });
  });

  it.each([
    ["empty", items(1, 2, 3), "sent 101 without content in a row"],
    ["same", items(1, 2, 3, 3), "sent the same 1 content blocks twice"],
    ["new", items(1, 2, 3, 4, 5), "more parts behind the 5 that were asked for at most"],
  ] as const)("[SVC-MULTI-015] announces parts without end, %s ones: there is an end to it", async (endless, contents, message) => {
    const { client } = await meet(threatConnect({ endless }));
    const outcome = await polled(client, "feed", endless === "new" ? { maxParts: 5 } : {});
    expect(outcome.contents).toEqual(contents);
    expect(outcome.error).toMatchObject({ code: "MISMATCH", message: expect.stringContaining(message) });
    expect(outcome.poll.end).toBeUndefined();
  });
});

describe("Limo and STAXX", () => {
  it("poll with parameters", async () => {
    const { client } = await meet(limo({}), { path });
    expect(await polled(client, "Phish_Tank")).toMatchObject({ contents: [stix], error: undefined });
  });

  it("want a subscription, and say so", async () => {
    const { client } = await meet(limo({ subscription: "sub-1" }), { path });
    expect((await polled(client, "Phish_Tank")).error).toMatchObject({ code: "DENIED", message: "DENIED: A subscription is required." });
    expect((await polled(client, "Phish_Tank", { subscriptionId: "sub-1" })).contents).toEqual([stix]);
  });
});

describe("DHS AIS", () => {
  const authority = createAuthority("AIS");
  const server = { ...authority.issue({ name: "taxii", hosts: ["127.0.0.1"] }), ca: authority.cert, requestCert: true };
  const tls = { ca: authority.cert, ...authority.issue({ name: "me" }) };

  it("[HTTP-AUTH-004] knows who polls by certificate, and by subscription", async () => {
    const { client } = await meet(dhsAis, { path, tls, server: { ...server, rejectUnauthorized: true } });
    const options = { subscriptionId: aisSubscription, after: "2024-01-01T00:00:00Z" };
    expect(await polled(client, "AIS", options)).toMatchObject({ contents: [stix], error: undefined });
    expect((await polled(client, "AIS")).error).toMatchObject({ code: "NOT_FOUND" });
  });

  it("says 403 to those without a certificate", async () => {
    const { client } = await meet(dhsAis, { path, tls: { ca: authority.cert }, server: { ...server, rejectUnauthorized: false } });
    expect((await polled(client, "AIS")).error).toMatchObject({ code: "NOT_TAXII", status: 403, statusType: "UNAUTHORIZED" });
  });

  it("hangs up on those without a certificate, when it is set up that way", async () => {
    const { client } = await meet(dhsAis, { path, tls: { ca: authority.cert }, server: { ...server, rejectUnauthorized: true } });
    expect((await polled(client, "AIS")).error).toMatchObject({
      code: "TLS",
      alert: "0274",
      message: expect.stringContaining("certificate"),
    });
  });

  it("[HTTP-AUTH-001] is not trusted without its authority, and sent nothing", async () => {
    const { client, peer } = await meet(dhsAis, { path, server });
    expect((await polled(client, "AIS")).error).toMatchObject({ code: "TLS", message: expect.stringContaining("certificate") });
    expect(peer.asked).toEqual([]);
  });
});

describe("OpenTAXII", () => {
  it("lists TAXII 1.0 first, states no end of the range, and ends with an empty part", async () => {
    const { client, peer, warned } = await meet(openTaxii, { path, auth: basic("ann", "hush") });
    const { contents, error, poll } = await polled(client);
    expect([contents, error]).toEqual([["<i xmlns='urn:i'>1</i>", "<i xmlns='urn:i'>2</i>"], undefined]);
    expect(poll.end).toBe("2024-05-02T00:00:00.123456+00:00");
    expect(warned).toEqual(["NO_END"]);
    expect(peer.asked.every(({ version }) => version === "1.1")).toBe(true);
  });

  it("says UNAUTHORIZED with HTTP 200", async () => {
    const { client } = await meet(openTaxii, { path, auth: basic("bob", "hush") });
    expect((await polled(client)).error).toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("gives tokens for a name and a password, and new ones when they have expired", async () => {
    let tokens = 0;
    const answer: Answer = (asked, response, self) => {
      if (asked.path !== "/management/auth" || ++tokens > 1) return openTaxii(asked, response, self);
      return void response.writeHead(200, { "Content-Type": "application/json" }).end('{"token":"token-1"}');
    };
    const authAt = (url: string): Auth => jwtLogin({ url: `${url}/management/auth`, username: "ann", password: "hush" });
    const { client, peer } = await meet(answer, { path, authAt });
    expect((await polled(client)).contents).toHaveLength(2);
    expect(peer.asked.slice(0, 4).map(({ path: at, headers }) => [at, headers.authorization])).toEqual([
      ["/management/auth", undefined],
      ["/discovery", "Bearer token-1"],
      ["/management/auth", undefined],
      ["/discovery", "Bearer token-2"],
    ]);
  });
});

describe("Cisco CTA", () => {
  it("[SVC-MULTI-003] gets its result id back to the letter", async () => {
    const { client, peer } = await meet(ciscoCta);
    expect(await polled(client)).toMatchObject({ contents: ["<i xmlns='urn:i'>1</i>", "<i xmlns='urn:i'>2</i>"], error: undefined });
    expect(peer.asked.at(-1)?.attribute("result_id")).toBe(ctaResult);
  });
});

describe("EclecticIQ", () => {
  it("puts everything into blocks: JSON, PDF, HTML", async () => {
    const { client } = await meet(eclecticIq);
    const blocks = [];
    for await (const block of client.poll("feed")) blocks.push(block);
    const [json, pdf, html] = blocks.map(({ content }) => content);
    if (json === undefined || pdf === undefined || html === undefined) throw new Error("expected three blocks");
    expect(contentJson(json)).toEqual(JSON.parse(eclecticIqContents.json));
    expect(Buffer.from(contentBytes(pdf, { decodeBase64: true })).toString("latin1")).toContain("%PDF-1.7");
    expect(html).toEqual({ text: eclecticIqContents.html });
    expect(blocks.map(({ contentBinding }) => contentBinding.bindingId)).toEqual([
      "urn:stix.mitre.org:json:2.1",
      "urn:eclecticiq.com:pdf:1.0",
      "urn:eclecticiq.com:html:1.0",
    ]);
  });
});
