/**
 * Queries that want much, and content that wants much of queries: each is refused with a clear status, or answered rightly; the
 * next request is served, and memory stays where it was. The server has a process of its own, whose peak is measured over all.
 */

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Criteria, Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import {
  InboxMessage,
  PollRequest,
  type PollResponse,
  type StatusMessage,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { capabilityModules, contentBindings } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { queryBody } from "../../src/message/query-body.js";
import { write } from "../server/kit.js";
import { expectToWork, fieldsOf, messageOf } from "./kit.js";
import { type ServerProcess, startProcess } from "./server-process.js";
import { path } from "./services.js";

const bindingId = contentBindings.stix111;
/** Mebibytes: of the server itself, of the content it keeps, and of one request. */
const mostMemory = 900;

const { core, regex } = capabilityModules;

function criterion(target: string, relationship: string, value?: string, capabilityId: string = core): Criterion {
  return { target, negate: false, test: { capabilityId, relationship, parameters: value === undefined ? [] : [{ name: "value", value }] } };
}

function all(items: Criteria["items"]): Criteria {
  return { operator: "AND", items };
}

function nested(depth: number): Criteria {
  const inner = all([{ criterion: criterion("**", "exists") }]);
  return Array.from({ length: depth - 1 }).reduce<Criteria>((criteria) => all([{ criteria }]), inner);
}

function queryOf(criteria: Criteria | Criterion): DefaultQuery {
  return { targetingExpressionId: bindingId, criteria: "operator" in criteria ? criteria : all([{ criterion: criteria }]) };
}

const matches = (value: string): Criterion => criterion("**", "matches", value, regex);

let server: ServerProcess;

beforeAll(async () => {
  server = await startProcess(512);
  await put("simple", "<STIX_Package id='simple'><STIX_Header><Title>it is there</Title></STIX_Header></STIX_Package>");
  await put("long", `<STIX_Package id='long'><STIX_Header><Title>${"a".repeat(2_000_000)}!</Title></STIX_Header></STIX_Package>`);
  await put(
    "deep",
    `<STIX_Package id='deep'>${"<Indicators>".repeat(240)}<Title>deepest</Title>${"</Indicators>".repeat(240)}</STIX_Package>`,
  );
  await put("wide", `<STIX_Package id='wide'>${"<Indicators><Title>a</Title></Indicators>".repeat(100_000)}</STIX_Package>`);
  const attributes = Array.from({ length: 250 }, (_, index) => ` a${index}="${"v".repeat(1000)}"`).join("");
  await put("attributes", `<STIX_Package id='attributes'>${`<Indicators${attributes}/>`.repeat(10)}</STIX_Package>`);
}, 60_000);

afterAll(() => server.stop());

async function post(body: string): Promise<ReturnType<typeof messageOf>> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: "POST", headers: fieldsOf(), body });
  return messageOf({ fields: new Map(response.headers), body: Buffer.from(await response.arrayBuffer()) });
}

/** Puts one record into the feed. */
async function put(name: string, xml: string): Promise<void> {
  const contentBlocks = [{ contentBinding: { bindingId }, content: { xml } }];
  const reply = await post(write(create(InboxMessage, { destinationCollectionNames: ["feed"], contentBlocks })));
  expect([name, reply]).toMatchObject([name, { statusType: "SUCCESS" }]);
}

function requestOf(query: DefaultQuery): string {
  return write(create(PollRequest, { collectionName: "feed", pollParameters: { query: queryBody(query) } }));
}

const ask = async (query: DefaultQuery): Promise<PollResponse | StatusMessage> => read(await post(requestOf(query)));

function read(message: ReturnType<typeof messageOf>): PollResponse | StatusMessage {
  if (message.$type === "taxii11.PollResponse" || message.$type === "taxii11.StatusMessage") return message;
  throw new Error(message.$type);
}

/** The names of the records that a query selects. */
async function selected(query: DefaultQuery): Promise<string[]> {
  const reply = await ask(query);
  if (reply.$type !== "taxii11.PollResponse") throw new Error(`${reply.statusType} ${reply.message ?? ""}`);
  return namesIn(reply);
}

function namesIn({ contentBlocks }: PollResponse): string[] {
  return contentBlocks.map(({ content }) => /id=['"]([^'"]*)/.exec("xml" in content ? content.xml : "")?.[1] ?? "");
}

async function expectWell(): Promise<void> {
  await expectToWork(server);
  expect(server.peak()).toBeLessThan(mostMemory);
  expect(server.lines).toEqual([]);
}

describe.skipIf(process.platform !== "linux")("a query", { timeout: 120_000 }, () => {
  const criteria = (count: number, make: (index: number) => Criterion): Criteria =>
    all(Array.from({ length: count }, (_, index) => ({ criterion: make(index) })));

  it.each<[string, DefaultQuery, string, RegExp]>([
    [
      "of 10,000 criteria",
      queryOf(criteria(10_000, (index) => criterion("**/Title", "contains", `${index}`))),
      "DENIED",
      /too many criteria/,
    ],
    ["of 200 levels", queryOf(nested(200)), "DENIED", /nested too deeply/],
    ["of a target with 10,000 steps", queryOf(criterion("*/".repeat(9999).concat("*"), "exists")), "DENIED", /too many steps/],
    ["of a target with many runs", queryOf(criterion("**/Title/".repeat(30).concat("**"), "exists")), "DENIED", /too many steps/],
    ["of a value of 9 MB", queryOf(criterion("**", "contains", "x".repeat(9_000_000))), "DENIED", /too long/],
    ["of a pattern of 9 MB", queryOf(matches("(a|b)*".repeat(1_500_000))), "DENIED", /too long/],
    [
      "of a pattern that is repeated again and again",
      queryOf(matches("((((a{1,100}){1,100}){1,100}){1,100})")),
      "BAD_MESSAGE",
      /regular expression|matches/,
    ],
    [
      "of a pattern of 10,000 groups",
      queryOf(matches(`${"(".repeat(10_000)}a${")".repeat(10_000)}`)),
      "BAD_MESSAGE",
      /regular expression|matches/,
    ],
    ["of a number that is none", queryOf(criterion("**", "greater_than", `1${"0".repeat(50_000)}e`)), "BAD_MESSAGE", /greater_than/],
  ])("%s is refused [QRY-STR-009] [QRY-RGX-005]", async (_name, query, type, text) => {
    const reply = await ask(query);
    expect(reply).toMatchObject({ $type: "taxii11.StatusMessage", statusType: type, message: expect.stringMatching(text) });
    // What was sent does not come back at its whole length.
    expect(JSON.stringify(reply).length).toBeLessThan(20_000);
    await expectWell();
  });

  it("of 1,000 levels is refused before it is one", async () => {
    const [, begin = "", end = ""] =
      /(<(?:\w+:)?Criteria operator="AND">).*(<\/(?:\w+:)?Criteria>)/s.exec(requestOf(queryOf(nested(1)))) ?? [];
    const body = requestOf(queryOf(nested(1)))
      .replace(begin, begin.repeat(1000))
      .replace(end, end.repeat(1000));
    expect(await post(body)).toMatchObject({ statusType: "BAD_MESSAGE", message: expect.stringContaining("limit maxDepth") });
    await expectWell();
  });

  it.each(["(a+)+$", "(a|aa)+$", "^(a?){50}(a{50})+$", "(.*)*x$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a|b|ab)*c"])(
    "with the pattern %s is answered in time, over content made for it [QRY-RGX-005]",
    async (pattern) => {
      const reply = await ask(queryOf(matches(pattern)));
      if (reply.$type === "taxii11.StatusMessage") expect(["BAD_MESSAGE", "DENIED"]).toContain(reply.statusType);
      else expect(namesIn(reply)).not.toContain("long");
      await expectWell();
    },
  );

  it("of all that may be asked at once is answered rightly", async () => {
    const known: Criteria = {
      operator: "OR",
      items: criteria(999, (index) =>
        criterion(
          `**/Indicators/**/*/**/Indicators/**/${"*/".repeat(index % 40)}Title`,
          "equals",
          index % 40 === 0 ? "deepest" : `${index}`,
        ),
      ).items,
    };
    expect(await selected(queryOf(known))).toEqual(["deep"]);
    await expectWell();
  });

  it("of many numbers of many digits is answered rightly", async () => {
    await put("digits", `<STIX_Package id='digits'><STIX_Header><Title>1${"0".repeat(90_000)}</Title></STIX_Header></STIX_Package>`);
    const larger = criterion("**/Title", "greater_than", "1e89999");
    expect(await selected(queryOf(larger))).toEqual(["digits"]);
    const huge = criterion("**/Title", "greater_than", "1e999999999999");
    expect(await selected(queryOf(huge))).toEqual([]);
    await expectWell();
  });

  it("over big, deep and wide records finds what is there, and nothing else", async () => {
    expect(await selected(queryOf(criterion("**/Title", "equals", "deepest")))).toEqual(["deep"]);
    expect(await selected(queryOf(criterion("STIX_Package/STIX_Header/Title", "ends_with", "a!")))).toEqual(["long"]);
    expect(await selected(queryOf(criterion("STIX_Package/Indicators/Title", "equals", "a")))).toEqual(["wide"]);
    expect(await selected(queryOf(criterion("STIX_Package/@id", "equals", "attributes")))).toEqual(["attributes"]);
    await expectWell();
  });

  it("to subscribe with is refused as that of a poll is, and makes no subscription [SVC-SUB-010]", async () => {
    const query = queryBody(queryOf(nested(200)));
    const init = { collectionName: "feed", action: "SUBSCRIBE" as const, subscriptionParameters: { query } };
    expect(await post(write(create(SubscriptionManagementRequest, init)))).toMatchObject({ statusType: "DENIED" });
    const status = create(SubscriptionManagementRequest, { collectionName: "feed", action: "STATUS" });
    expect(await post(write(status))).toMatchObject({ subscriptions: [] });
    await expectWell();
  });

  it("keeps nobody else waiting while it looks through much", async () => {
    const slow = ask(queryOf(criteria(100, (index) => matches(`(a|b)*${"[a-z]*".repeat(index % 10)}!$`))));
    await expectToWork(server);
    const reply = await slow;
    expect(reply.$type === "taxii11.PollResponse" || ["DENIED", "BAD_MESSAGE"].includes(reply.statusType)).toBe(true);
    await expectWell();
  });
});

describe.skipIf(process.platform !== "linux")("values", () => {
  it("are compared and never become part of an expression, whatever is in them [SEC-XML-004]", { timeout: 120_000 }, async () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      "]",
      "[",
      ")",
      "(",
      "|",
      "*",
      "//",
      "@id",
      " or ",
      "1=1",
      "&",
      "<",
      ">",
      "]]>",
      "--",
      ";",
      "\\",
      "$",
      "%",
      "_",
      "x",
      " ",
    );
    const nasty = fc.array(pieces, { minLength: 1, maxLength: 12 }).map((parts) => `v${parts.join("")}w`);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (value, other) => {
        fc.pre(value !== other);
        const name = `nasty-${++count}`;
        const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
        await put(name, `<STIX_Package id="${name}"><STIX_Header><Title>${escaped(value)}</Title></STIX_Header></STIX_Package>`);
        for (const relationship of ["equals", "contains", "begins_with", "ends_with"]) {
          const exact = all([
            { criterion: criterion("STIX_Package/@id", "equals", name) },
            { criterion: criterion("**/Title", relationship, value) },
          ]);
          expect(await selected(queryOf(exact))).toEqual([name]);
        }
        const wrong = all([
          { criterion: criterion("STIX_Package/@id", "equals", name) },
          { criterion: criterion("**/Title", "equals", other) },
        ]);
        expect(await selected(queryOf(wrong))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
