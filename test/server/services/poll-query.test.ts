import { expect, test } from "vitest";
import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../../src/binding/content.js";
import { formatLabel } from "../../../src/storage/index.js";
import { asPoll, asStatus, block, summary, textsOf } from "../kit.js";
import { pollKit } from "./poll-kit.js";
import { startsWithHandler } from "./poll-query.js";

const startsWith = startsWithHandler();
const asking = (start: string) => ({ pollParameters: { query: startsWith.query(start) } });

test("a query selects what is sent and counted [QRY-GEN-006] [SVC-RANGE-001]", async () => {
  const kit = await pollKit({ queries: [startsWith] });
  const labels = await kit.add("feed", "a1", "b2", "a3", "b4");
  const response = await kit.poll(asking("a"));
  expect(textsOf(response)).toEqual(["a1", "a3"]);
  expect(response).toMatchObject({ recordCount: { value: 2, partialCount: false }, more: false });
  expect(response.inclusiveEndTimestamp).toBe(formatLabel(labels[3] ?? 0));
  const counted = await kit.poll({ pollParameters: { ...asking("a").pollParameters, responseType: "COUNT_ONLY" } });
  expect(counted).toMatchObject({ recordCount: { value: 2, partialCount: false }, contentBlocks: [] });
  // The next poll has no query any more.
  expect(textsOf(await kit.poll())).toHaveLength(4);
});

test("query and content bindings both have to be met", async () => {
  const kit = await pollKit({ queries: [startsWith] });
  await kit.add("feed", "a1", block("a2", "urn:csv"), block("b3", "urn:csv"));
  const pollParameters = { ...asking("a").pollParameters, contentBindings: [{ bindingId: "urn:csv" }] };
  expect(textsOf(await kit.poll({ pollParameters }))).toEqual(["a2"]);
});

test("a format that is not supported is refused with those that are, never answered unfiltered [SVC-POLL-009] [SVC-STAT-023] [QRY-ERR-007]", async () => {
  const kit = await pollKit({ queries: [startsWith] });
  await kit.add("feed", "a");
  for (const responseType of ["FULL", "COUNT_ONLY"] as const) {
    const status = await kit.refused({ pollParameters: { responseType, query: { formatId: "urn:other", content: { text: "a" } } } });
    expect(summary(status, "SUPPORTED_QUERY")).toEqual(["UNSUPPORTED_QUERY", [startsWith.formatId]]);
  }
});

test("what the handler finds wrong with a query is said before anything is read [XML-PRQ-007] [QRY-ERR-008]", async () => {
  const kit = await pollKit({ queries: [startsWith], asynchronous: "always" });
  await kit.add("feed", "a");
  startsWith.seen.length = 0;
  for (const allowAsynch of [false, true])
    expect(await kit.refused({ pollParameters: { ...asking("").pollParameters, allowAsynch } })).toMatchObject({
      statusType: "BAD_MESSAGE",
      message: "The query is empty.",
    });
  expect(startsWith.seen).toEqual([]);
});

test("parts of a query state contiguous ranges, may be empty, and count what is known [SVC-MULTI-005] [SVC-MULTI-006] [SVC-POLL-013] [XML-PRS-008]", async () => {
  const kit = await pollKit({ queries: [startsWith], maxBlocks: 2, maxScanned: 4 });
  const labels = (await kit.add("feed", "b", "a1", "b", "b", "b", "b", "b", "b", "a2", "a3", "a4", "b")).map(formatLabel);
  const parts = await kit.parts(asking("a"));
  expect(parts.map((part) => [textsOf(part), part.more])).toEqual([
    [["a1"], true],
    [[], true],
    [["a2", "a3"], true],
    [["a4"], false],
  ]);
  expect(parts.map(({ exclusiveBeginTimestamp, inclusiveEndTimestamp }) => [exclusiveBeginTimestamp, inclusiveEndTimestamp])).toEqual([
    [undefined, labels[3]],
    [labels[3], labels[7]],
    [labels[7], labels[9]],
    [labels[9], labels[11]],
  ]);
  expect(parts.map(({ recordCount }) => recordCount)).toEqual([1, 1, 2, 1].map((value) => ({ value, partialCount: true })));
  // Asked for again they say the same.
  const again = asPoll(await kit.fulfil(parts[0]?.resultId, 3));
  expect([textsOf(again), again.recordCount, again.inclusiveEndTimestamp]).toEqual([
    ["a2", "a3"],
    { value: 2, partialCount: true },
    labels[9],
  ]);
});

test("the cost of a request is bounded, however little matches", async () => {
  const kit = await pollKit({ queries: [startsWith], maxScanned: 10 });
  await kit.add("feed", ...Array.from({ length: 100 }, (_, index) => `b${index}`));
  startsWith.seen.length = 0;
  const first = await kit.poll(asking("a"));
  expect([first.more, first.contentBlocks, first.recordCount]).toEqual([true, [], { value: 0, partialCount: true }]);
  expect(startsWith.seen.length).toBeLessThanOrEqual(11);
  startsWith.seen.length = 0;
  const counted = await kit.poll({ pollParameters: { ...asking("a").pollParameters, responseType: "COUNT_ONLY" } });
  expect([counted.more, counted.recordCount]).toEqual([false, { value: 0, partialCount: true }]);
  expect(startsWith.seen.length).toBeLessThanOrEqual(11);
  startsWith.seen.length = 0;
  expect(summary(asStatus(await kit.fulfil(first.resultId, 99)), "ESTIMATED_WAIT")).toEqual(["RETRY", ["1"]]);
  expect(startsWith.seen.length).toBeLessThanOrEqual(11);
});

test("matches that are few are read once, and evaluated once", async () => {
  const kit = await pollKit({ queries: [startsWith] });
  await kit.add("feed", "a1", "b2", "a3");
  startsWith.seen.length = 0;
  expect(textsOf(await kit.poll(asking("a")))).toEqual(["a1", "a3"]);
  expect(startsWith.seen).toEqual(["a1", "b2", "a3"]);
});

test("matches that are many are sent as well", async () => {
  const kit = await pollKit({ queries: [startsWith] });
  const big = (letter: string): string => letter + "x".repeat(400_000);
  await kit.add("feed", big("a"), big("b"), big("a"), big("a"), big("a"));
  const response = await kit.poll(asking("a"));
  expect([response.recordCount?.value, textsOf(response).map(([first]) => first)]).toEqual([4, ["a", "a", "a", "a"]]);
});

test("content the handler cannot look into is not sent [CB-MATCH-007]", async () => {
  const plainOnly = {
    ...startsWith,
    prepare: () => (candidate: ContentBlock) =>
      candidate.contentBinding.bindingId === "urn:stix" && charactersOf(candidate.content).startsWith("a"),
  };
  const kit = await pollKit({ queries: [plainOnly] });
  await kit.add("feed", "a1", block("a2", "application/pkcs7-mime"));
  expect(textsOf(await kit.poll(asking("a")))).toEqual(["a1"]);
  expect(textsOf(await kit.poll())).toEqual(["a1", "a2"]);
});

test("a handler that fails is a fault of ours, and breaks nothing", async () => {
  const broken = {
    ...startsWith,
    prepare: () => () => {
      throw new TypeError("cannot read secrets");
    },
  };
  const kit = await pollKit({ queries: [broken] });
  await kit.add("feed", "a1");
  const status = await kit.refused(asking("a"));
  expect([status.statusType, status.message]).toEqual(["FAILURE", expect.not.stringContaining("secrets")]);
  expect(kit.failures).toMatchObject([{ error: { message: "cannot read secrets" } }]);
  expect(textsOf(await kit.poll())).toEqual(["a1"]);
});
