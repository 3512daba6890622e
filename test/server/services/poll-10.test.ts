import { expect, test } from "vitest";
import type { ContentBlockInit } from "../../../generated/taxii11/index.js";
import { compareTimestamps } from "../../../src/message/timestamp.js";
import { formatLabel } from "../../../src/storage/index.js";
import { block } from "../kit.js";
import { asPoll10, asStatus10, pollKit, textsOf10 } from "./poll-kit.js";

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `block ${index + 1}`);

test("a result too big covers a shorter range, which says so, and the rest comes from there [VER-X-008] [SVC-RANGE-004] [XML-PRS-006]", async () => {
  const kit = await pollKit({ maxBlocks: 10 });
  const labels = (await kit.add("feed", ...texts(25))).map(formatLabel);
  const replies = [asPoll10(await kit.poll10())];
  for (const end of [labels[9], labels[19]]) replies.push(asPoll10(await kit.poll10({ exclusiveBeginTimestamp: end })));
  expect(replies.map(({ inclusiveEndTimestamp }) => inclusiveEndTimestamp)).toEqual([labels[9], labels[19], labels[24]]);
  expect(replies.flatMap(textsOf10)).toEqual(texts(25));
  expect(await kit.storage.results.counts(Date.now())).toEqual({ PENDING: 0, READY: 0, FAILED: 0 });
});

test("begin is stated as the first label in the range, one microsecond behind what was asked for [VER-X-009]", async () => {
  const kit = await pollKit();
  const [first = 0, second = 0] = await kit.add("feed", "1", "2");
  const reply = asPoll10(await kit.poll10({ exclusiveBeginTimestamp: formatLabel(first) }));
  expect(textsOf10(reply)).toEqual(["2"]);
  expect(reply.inclusiveBeginTimestamp).toBe(formatLabel(first + 1));
  expect(second).toBeGreaterThanOrEqual(first + 1);
  expect(asPoll10(await kit.poll10()).inclusiveBeginTimestamp).toBeUndefined();
  const offset = asPoll10(await kit.poll10({ exclusiveBeginTimestamp: "2020-01-01T02:00:00.5+02:00" }));
  expect(offset.inclusiveBeginTimestamp).toBe("2020-01-01T00:00:00.500001Z");
});

test("there are no data sets [VER-X-002]", async () => {
  const kit = await pollKit();
  await kit.add("set", "1");
  expect(asStatus10(await kit.poll10({ feedName: "set" }))).toMatchObject({ statusType: "NOT_FOUND" });
});

test("a binding covers all its subtypes, and blocks come without [VER-X-007]", async () => {
  const kit = await pollKit();
  const sub: ContentBlockInit = { contentBinding: { bindingId: "urn:stix", subtype: { subtypeId: "urn:s" } }, content: { text: "sub" } };
  await kit.add("feed", "plain", sub, block("csv", "urn:csv"));
  const reply = asPoll10(await kit.poll10({ contentBindings: ["urn:stix"] }));
  expect(reply.contentBlocks.map(({ contentBinding, content }) => [contentBinding, content])).toEqual([
    ["urn:stix", { text: "plain" }],
    ["urn:stix", { text: "sub" }],
  ]);
});

test.each([
  ["an unknown feed [SVC-POLL-007]", { feedName: "nowhere" }, "NOT_FOUND"],
  ["an unknown subscription, which is not passed over [SVC-POLL-006] [SVC-POLL-007]", { subscriptionId: "urn:s" }, "NOT_FOUND"],
  [
    "an inverted range [XML-PRQ-003]",
    { exclusiveBeginTimestamp: "2020-01-02T00:00:00Z", inclusiveEndTimestamp: "2020-01-01T00:00:00Z" },
    "BAD_MESSAGE",
  ],
  ["bindings the feed has none of [SVC-POLL-008]", { feedName: "stix", contentBindings: ["urn:csv"] }, "UNSUPPORTED_CONTENT"],
])("refused: %s", async (_, init, type) => {
  const kit = await pollKit();
  expect(asStatus10(await kit.poll10(init)).statusType).toBe(type);
});

test("an empty feed has a reply with an end behind which everything comes [SVC-RANGE-005] [SVC-RANGE-008]", async () => {
  const kit = await pollKit();
  const empty = asPoll10(await kit.poll10());
  expect(empty.contentBlocks).toEqual([]);
  await kit.add("feed", "1");
  const next = asPoll10(await kit.poll10({ exclusiveBeginTimestamp: empty.inclusiveEndTimestamp }));
  expect(textsOf10(next)).toEqual(["1"]);
  expect(compareTimestamps(next.inclusiveEndTimestamp, empty.inclusiveEndTimestamp)).toBeGreaterThan(0);
});
