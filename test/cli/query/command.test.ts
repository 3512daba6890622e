/** `taxii query`, from the command line to the request. */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DefaultQuery } from "../../../generated/default-query/index.js";
import { DiscoveryResponse, type PollRequest, type ServiceInstanceInit, StatusMessage } from "../../../generated/taxii11/index.js";
import type { Fetch } from "../../../src/client/index.js";
import { fromXml } from "../../../src/codec/xml.js";
import { create } from "../../../src/message/create.js";
import { fromJson } from "../../../src/message/forms.js";
import { queryInfoBody, readQuery } from "../../../src/message/query-body.js";
import { createPeer, isPoll, pollResponse, service } from "../../client/peer.js";
import { block } from "../../server/kit.js";
import { createPeer as createServer, discovery, jsonLines, taxii } from "../run.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-query-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const core = "urn:taxii.mitre.org:query:capability:core-1";
const stix111 = "urn:stix.mitre.org:xml:1.1.1";

interface Support {
  readonly vocabularies?: readonly string[];
  readonly modules?: readonly string[];
  readonly scopes?: readonly string[];
}

function supporting({ vocabularies = [stix111], modules = [core], scopes = ["**"] }: Support = {}): Partial<ServiceInstanceInit> {
  const targetingExpressionInfos = vocabularies.map((targetingExpressionId) => ({
    targetingExpressionId,
    preferredScopes: [],
    allowedScopes: [...scopes],
  }));
  return { supportedQueries: [queryInfoBody({ targetingExpressionInfos, capabilityModules: [...modules] })] };
}

/** A producer that takes queries as it says, and answers them with a status where one is given. */
function producer(
  support: Partial<ServiceInstanceInit>,
  refusal?: string,
  packages: readonly string[] = [],
): { readonly fetch: Fetch; readonly polls: PollRequest[] } {
  const polls: PollRequest[] = [];
  const { fetch } = createPeer(({ message }) => {
    const inResponseTo = message.messageId;
    if (message.$type === "taxii11.DiscoveryRequest")
      return create(DiscoveryResponse, { inResponseTo, serviceInstances: [service("POLL", "http://taxii.test/poll", support)] });
    if (!isPoll(message) || message.$type !== "taxii11.PollRequest") throw new Error(message.$type);
    polls.push(message);
    if (refusal !== undefined) return create(StatusMessage, { inResponseTo, statusType: refusal as "FAILURE" });
    const timestampLabel = "2026-01-01T00:00:00Z";
    const found = packages.map((xml) => ({ contentBinding: { bindingId: stix111 }, content: { xml }, timestampLabel }));
    return pollResponse(message, { contentBlocks: packages.length === 0 ? [{ ...block("found"), timestampLabel }] : found });
  });
  return { fetch, polls };
}

const run = (peer: { readonly fetch: Fetch }, ...args: string[]) =>
  taxii(["query", discovery, "-c", "feed", "--retries", "0", ...args], { fetch: peer.fetch });

describe("taxii query", () => {
  it("polls with the query, and gives what comes as taxii poll does", async () => {
    const peer = producer(supporting());
    const { code, out, err } = await run(peer, "--where", "**/Title contains 'x'");
    expect([code, out]).toEqual([0, "found\n"]);
    expect(err).toMatch(/^1 block \(5 bytes\) of feed/);
    const query = peer.polls[0]?.pollParameters?.query;
    expect(query?.formatId).toBe("urn:taxii.mitre.org:query:default:1.0");
    expect(query && readQuery(query)).toMatchObject({
      targetingExpressionId: stix111,
      criteria: { items: [{ criterion: { target: "**/Title" } }] },
    });
  });

  it("has the outputs and the ranges of taxii poll", async () => {
    const peer = producer(supporting());
    await run(peer, "--id", "x", "--dest-dir", folder, "--after", "2026-01-01", "--binding", "urn:b");
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^feed_20260101T000000Z_[0-9a-f]{12}\.txt$/)]);
    expect(peer.polls[0]).toMatchObject({
      exclusiveBeginTimestamp: "2026-01-01T00:00:00Z",
      pollParameters: { contentBindings: [{ bindingId: "urn:b" }] },
    });
    expect(jsonLines((await run(peer, "--id", "x", "--json")).out)).toMatchObject([{ collection_name: "feed" }]);
  });
});

describe("--print", () => {
  it("shows the query, and talks to nobody", async () => {
    const fetch: Fetch = () => Promise.reject(new Error("somebody was talked to"));
    const xml = await taxii(["query", "--ip", "192.0.2.9", "--print"], { fetch });
    expect([xml.code, xml.err]).toEqual([0, ""]);
    expect(xml.out).toMatchSnapshot();
    const json = await taxii(["query", "--ip", "192.0.2.9", "--print", "json"], { fetch });
    expect(fromJson(DefaultQuery, json.out)).toEqual(fromXml(DefaultQuery, xml.out));
    expect((await taxii(["query", "--ip", "192.0.2.9", "--print", "text"], { fetch })).out).toContain("Target: **/Address_Value");
  });

  it("shows it as one --where, which asks for the same", async () => {
    const args = [
      "--ip",
      "192.0.2.9",
      "--not",
      "--where",
      "(**/Title = 'a b' or **/@id exists) and STIX_Package/@version = 1.2",
      "--tev",
      "stix-1.2",
    ];
    const where = (await taxii(["query", ...args, "--print", "where"])).out;
    expect(where).toMatch(/^in stix-1\.2 where\n {2}\(\n {4}\*\*\/Address_Value = 192\.0\.2\.9 nocase\n {4}or /);
    const xml = async (...given: string[]) => (await taxii(["query", ...given, "--print"])).out;
    expect(await xml("--where", where)).toBe(await xml(...args));
  });

  it("takes the vocabulary from a condition, where the command line does not say another", async () => {
    const named = await taxii(["query", "--where", "in urn:example:own where A exists", "--id", "x", "--print"]);
    expect(named.out).toContain('targeting_expression_id="urn:example:own"');
    const same = ["--tev", "stix-1.2", "--where", "in urn:stix.mitre.org:xml:1.2 where A exists", "--print"];
    expect((await taxii(["query", ...same])).code).toBe(0);
    const refused = await taxii(["query", "--tev", "stix-1.2", "--where", "in stix-1.1 where A exists", "--print"]);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining("a query has one vocabulary; found urn:stix.mitre.org:xml:1.2 and urn:stix.mitre.org:xml:1.1"),
    ]);
  });

  it("knows vocabularies by name, and takes any", async () => {
    const vocabulary = async (tev: string) =>
      /targeting_expression_id="([^"]*)"/.exec((await taxii(["query", "--id", "x", "--tev", tev, "--print"])).out)?.[1];
    expect(await vocabulary("stix-1.2")).toBe("urn:stix.mitre.org:xml:1.2");
    expect(await vocabulary("urn:example:own")).toBe("urn:example:own");
  });
});

it("--explain says what is asked for, and talks to nobody", async () => {
  const fetch: Fetch = () => Promise.reject(new Error("somebody was talked to"));
  const { code, out, err } = await taxii(["query", "--title", "beacon", "--not", "--where", "**/@id exists", "--explain"], { fetch });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(
    [
      "Records of urn:stix.mitre.org:xml:1.1.1 for which all of these hold:",
      '  - some **/Title contains "beacon", whatever the case of its letters',
      "  - there is no **/@id",
      "",
    ].join("\n"),
  );
  expect((await taxii(["query", "--id", "x", "--explain", "--print"])).code).toBe(2);
});

describe("a service", () => {
  it.each([
    ["takes no queries", {}, ["--id", "x"], "no poll service of this producer says that it takes queries"],
    [
      "searches other vocabularies",
      supporting({ vocabularies: ["urn:stix.mitre.org:xml:1.2"] }),
      ["--id", "x"],
      "does not say that it searches urn:stix.mitre.org:xml:1.1.1; it searches urn:stix.mitre.org:xml:1.2 (see --tev)",
    ],
    [
      "has other modules",
      supporting(),
      ["--where", "A ~ x"],
      "does not say that it has the module urn:taxii.mitre.org:query:capability:regex-1",
    ],
    [
      "searches other regions",
      supporting({ scopes: ["STIX_Package/STIX_Header/**"] }),
      ["--id", "x"],
      "does not say that it searches all of **/@id; it searches STIX_Package/STIX_Header/**",
    ],
    [
      "takes another format",
      { supportedQueries: [{ formatId: "urn:other", content: { text: "" } }] },
      ["--id", "x"],
      "its formats are urn:other",
    ],
    [
      "says it in a way that cannot be read",
      { supportedQueries: [{ formatId: "urn:taxii.mitre.org:query:default:1.0", content: { text: "yes" } }] },
      ["--id", "x"],
      "what the producer says about its queries cannot be read",
    ],
  ])("that %s is asked all the same, with a warning", async (_name, support, args, expected) => {
    const peer = producer(support);
    const { code, err } = await run(peer, ...args);
    expect(err).toContain("warning: ");
    expect(err).toContain(expected);
    expect([code, peer.polls.length > 0]).toEqual([0, true]);
  });

  it("[QRY-INF-001] may have several vocabularies, and is not warned of when one fits", async () => {
    const { err } = await run(producer(supporting({ vocabularies: ["urn:a", stix111] })), "--id", "x");
    expect(err).not.toContain("warning");
  });

  it.each(["UNSUPPORTED_QUERY", "UNSUPPORTED_TARGETING_EXPRESSION", "UNSUPPORTED_CAPABILITY_MODULE"])(
    "that answers %s is explained",
    async (type) => {
      const { code, err } = await run(producer(supporting(), type), "--id", "x");
      expect(code).toBe(1);
      expect(err).toContain("The server does not answer this query; --client-side fetches everything");
      expect(err).toContain(`taxii query: ${type}`);
    },
  );

  it("that takes none is searched here where that is wanted, without a word about it", async () => {
    const title = (text: string) => `<STIX_Package><STIX_Header><Title>${text}</Title></STIX_Header></STIX_Package>`;
    const peer = producer({}, undefined, ["nothing", "a beacon", "none"].map(title));
    const { code, out, err } = await run(peer, "--where", "**/Title contains beacon", "--client-side");
    expect([code, out]).toEqual([0, `${title("a beacon")}\n`]);
    expect(err).toMatch(/^1 block \(/);
    expect(new Set(peer.polls.map(({ pollParameters }) => pollParameters?.query))).toEqual(new Set([undefined]));
  });

  it("that fails is explained where it was to be expected only", async () => {
    expect((await run(producer({}, "FAILURE"), "--id", "x")).err).toContain("does not answer this query");
    expect((await run(producer(supporting(), "FAILURE"), "--id", "x")).err).not.toContain("does not answer this query");
    expect((await run(producer({}, "UNAUTHORIZED"), "--id", "x")).err).not.toContain("does not answer this query");
  });

  it("without discovery is asked all the same", async () => {
    const inner = producer(supporting());
    const fetch: Fetch = async (request) =>
      (await request.clone().text()).includes("Discovery_Request") ? new Response("no", { status: 404 }) : inner.fetch(request);
    const { code, out } = await run({ fetch }, "--id", "x");
    expect([code, out]).toEqual([0, "found\n"]);
  });

  it("of this package says that it takes none", async () => {
    const { taxii: ask } = await createServer();
    const { code, err } = await ask(["query", "-c", "feed", "--id", "x"]);
    expect(code).toBe(1);
    expect(err).toContain("UNSUPPORTED_QUERY");
  });

  it("of TAXII 1.0 has no queries", async () => {
    const fetch: Fetch = async () => new Response("no", { status: 404 });
    const { code, err } = await run({ fetch }, "--taxii-version", "1.0", "--id", "x");
    expect(code).toBe(2);
    expect(err).toContain("cannot be said in TAXII 1.0");
  });
});

describe("wrong usage", () => {
  it.each([
    [["--id", "x"], "expected --collection"],
    [["-c", "feed"], "a query needs a condition"],
    [["--id", "x", "--print", "yaml"], "Allowed choices are xml, json, text"],
    [["--tev", "not a uri", "--id", "x", "--print"], "the query is not valid: "],
    [["--id", "a\u0001b", "--print"], "the query is not valid: "],
    [["--where", "stix:Title exists", "--print"], "expected a name, @name, * or **"],
  ])("%j", async (args, expected) => {
    const { code, out, err } = await taxii(["query", ...args], { env: { TAXII_URL: discovery }, fetch: producer({}).fetch });
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
  });
});
