import { describe, expect, it, test, vi } from "vitest";
import type { ContentBlockInit } from "../../../generated/taxii11/index.js";
import { poll, StatusError } from "../../../src/server/index.js";
import { floorLabel, formatLabel } from "../../../src/storage/index.js";
import { asStatus, block, createKit, type Kit, pollRequest, summary, textsOf, write } from "../kit.js";
import { pollKit } from "./poll-kit.js";

test("a poll without bounds gives everything, states the end, no begin, and the count [SVC-POLL-001] [SVC-RANGE-005] [XML-PRS-004] [XML-PRS-009] [XML-PRS-012]", async () => {
  const kit = await pollKit();
  const empty = await kit.poll();
  expect(empty).toMatchObject({ collectionName: "feed", more: false, recordCount: { value: 0, partialCount: false }, contentBlocks: [] });
  expect(empty.inclusiveEndTimestamp).toMatch(/^\d{4}-.*\.\d{6}Z$/);
  await kit.add("feed", "1", "2");
  const full = await kit.poll();
  expect(textsOf(full)).toEqual(["1", "2"]);
  expect(full.recordCount).toEqual({ value: 2, partialCount: false });
  expect(full.exclusiveBeginTimestamp).toBeUndefined();
  expect(full.inclusiveEndTimestamp).toBe(full.contentBlocks[1]?.timestampLabel);
  expect([full.resultId, full.resultPartNumber, full.more, full.subscriptionId]).toEqual([undefined, 1, false, undefined]);
});

test("a signed block is passed on as it came, others with their label, in a set without [SIG-MSG-005] [SVC-TS-001]", async () => {
  const kit = await pollKit();
  const signature = {
    xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:x"/><ds:SignatureMethod Algorithm="urn:x"/><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>',
  };
  const signed = { ...block("x"), signature };
  const labels = await kit.add("feed", signed, { ...signed, timestampLabel: "1999-01-01T00:00:00Z" }, "plain");
  const { contentBlocks } = await kit.poll();
  expect(contentBlocks.map(({ timestampLabel }) => timestampLabel)).toEqual([
    undefined,
    "1999-01-01T00:00:00Z",
    formatLabel(labels[2] ?? 0),
  ]);
  expect(contentBlocks[0]?.signature).toEqual(signature);
  await kit.add("set", { ...block("x"), timestampLabel: "1999-01-01T00:00:00Z" });
  expect((await kit.poll({ collectionName: "set" })).contentBlocks[0]).not.toHaveProperty("timestampLabel");
});

test("begin is exclusive, end inclusive, across offsets, and both are stated as sent [SVC-POLL-011] [SVC-RANGE-002] [SVC-RANGE-003] [XML-TS-006]", async () => {
  const kit = await pollKit();
  const labels = await kit.add("feed", "1", "2", "3", "4");
  const [first = "", , third = "", fourth = ""] = labels.map(formatLabel);
  const response = await kit.poll({ exclusiveBeginTimestamp: first, inclusiveEndTimestamp: third });
  expect(textsOf(response)).toEqual(["2", "3"]);
  expect([response.exclusiveBeginTimestamp, response.inclusiveEndTimestamp]).toEqual([first, third]);
  const shifted = formatLabel(floorLabel(first) + 2 * 3_600_000_000).replace("Z", "+02:00");
  const other = await kit.poll({ exclusiveBeginTimestamp: shifted });
  expect(textsOf(other)).toEqual(["2", "3", "4"]);
  expect([other.exclusiveBeginTimestamp, other.inclusiveEndTimestamp]).toEqual([shifted, fourth]);
  const before = "2001-01-01T00:00:00Z";
  expect((await kit.poll({ exclusiveBeginTimestamp: before })).exclusiveBeginTimestamp).toBe(before);
});

test("no end is stated that labels to come could fall behind [SVC-RANGE-006] [SVC-RANGE-007] [SVC-RANGE-008]", async () => {
  const now = Date.parse("2026-05-01T12:00:00Z");
  const clock = { now };
  const kit = await pollKit({}, {}, { clock: () => clock.now });
  const [label = 0] = await kit.add("feed", "1");
  // An end in the future becomes the horizon.
  expect((await kit.poll({ inclusiveEndTimestamp: "2099-01-01T00:00:00Z" })).inclusiveEndTimestamp).toBe(formatLabel(label));
  // A begin behind the last label: the end is as late, and labels to come are later.
  clock.now += 60_000;
  const recent = "2026-05-01T14:00:30.5+02:00";
  const behind = await kit.poll({ exclusiveBeginTimestamp: recent });
  expect([behind.exclusiveBeginTimestamp, behind.inclusiveEndTimestamp, behind.recordCount?.value]).toEqual([
    recent,
    "2026-05-01T12:00:30.500000Z",
    0,
  ]);
  clock.now = now;
  await kit.add("feed", "2");
  expect(textsOf(await kit.poll({ exclusiveBeginTimestamp: behind.inclusiveEndTimestamp }))).toEqual(["2"]);
  // A begin in the future is not promised anything about.
  const future = await kit.poll({ exclusiveBeginTimestamp: "2099-01-01T00:00:00Z", inclusiveEndTimestamp: "2100-01-01T00:00:00Z" });
  expect(future.exclusiveBeginTimestamp).toBe(future.inclusiveEndTimestamp);
  await kit.add("feed", "3");
  expect(textsOf(await kit.poll({ exclusiveBeginTimestamp: future.inclusiveEndTimestamp }))).toEqual(["3"]);
});

test("an end that is not later than the begin is a bad message for a feed; a set has no range [XML-PRQ-003] [SVC-POLL-010] [XML-PRS-003]", async () => {
  const kit = await pollKit();
  await kit.add("set", "x");
  for (const inclusiveEndTimestamp of ["2020-01-01T00:00:00Z", "2019-12-31T00:00:00Z"]) {
    const inverted = { exclusiveBeginTimestamp: "2020-01-01T01:00:00+01:00", inclusiveEndTimestamp };
    expect(await kit.refused(inverted)).toMatchObject({ statusType: "BAD_MESSAGE" });
    const set = await kit.poll({ ...inverted, collectionName: "set" });
    expect(textsOf(set)).toEqual(["x"]);
    expect([set.exclusiveBeginTimestamp, set.inclusiveEndTimestamp]).toEqual([undefined, undefined]);
  }
});

test("COUNT_ONLY gives count and range, no blocks; a set has no range [SVC-POLL-012] [SVC-POLL-013]", async () => {
  const kit = await pollKit({ countLimit: 2 });
  await kit.add("feed", "1", block("2", "urn:csv"));
  await kit.add("set", "1", "2", "3");
  const asking = { responseType: "COUNT_ONLY" } as const;
  const count = await kit.poll({ pollParameters: { ...asking, contentBindings: [{ bindingId: "urn:csv" }] } });
  expect(count).toMatchObject({
    recordCount: { value: 1, partialCount: false },
    contentBlocks: [],
    inclusiveEndTimestamp: expect.any(String),
  });
  const set = await kit.poll({ collectionName: "set", pollParameters: asking });
  expect(set).toMatchObject({ recordCount: { value: 3, partialCount: true }, contentBlocks: [], more: false });
  expect(set.inclusiveEndTimestamp).toBeUndefined();
});

describe("content bindings", () => {
  const sub = (text: string, subtypeId: string): ContentBlockInit => ({
    contentBinding: { bindingId: "urn:stix", subtype: { subtypeId } },
    content: { text },
  });
  const all = ["plain", sub("s1", "urn:1"), sub("s2", "urn:2"), block("csv", "urn:csv"), block("mime", "application/x-pkcs7-mime")];
  type Asked = { bindingId: string; subtypes?: { subtypeId: string }[] };

  it("are those that were asked for [CB-MATCH-001] [CB-MATCH-002] [CB-MATCH-003] [CB-MATCH-004] [CB-MATCH-005]", async () => {
    const kit = await pollKit();
    await kit.add("feed", ...all);
    const asking = async (...contentBindings: Asked[]) => textsOf(await kit.poll({ pollParameters: { contentBindings } }));
    expect(await asking()).toEqual(["plain", "s1", "s2", "csv", "mime"]);
    expect(await asking({ bindingId: "urn:stix" })).toEqual(["plain", "s1", "s2"]);
    const first = { bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:1" }] };
    expect(await asking(first)).toEqual(["plain", "s1"]);
    expect(await asking(first, { bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:2" }] })).toEqual(["plain", "s1", "s2"]);
    expect(await asking({ bindingId: "urn:csv" }, { bindingId: "application/pkcs7-mime" })).toEqual(["csv", "mime"]);
    expect(await asking({ bindingId: "urn:none" })).toEqual([]);
  });

  it("are matched strictly where that is wanted, in counts as well [CB-MATCH-004]", async () => {
    const kit = await pollKit({ strictSubtypes: true });
    await kit.add("feed", ...all);
    const contentBindings = [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:1" }] }];
    const response = await kit.poll({ pollParameters: { contentBindings } });
    expect([textsOf(response), response.recordCount?.value]).toEqual([["s1"], 1]);
    const counted = await kit.poll({ pollParameters: { contentBindings, responseType: "COUNT_ONLY" } });
    expect(counted.recordCount?.value).toBe(1);
  });

  it("cover wrapped content of which only the wrapper is known [CB-MATCH-006]", async () => {
    const kit = await pollKit();
    await kit.add("feed", block("blind", "urn:wrap"), block("nested", "urn:wrap|urn:stix"));
    const asking = async (bindingId: string) => textsOf(await kit.poll({ pollParameters: { contentBindings: [{ bindingId }] } }));
    expect(await asking("urn:wrap")).toEqual(["blind"]);
  });

  it("that overlap with the collection's in part are no fault [CB-MATCH-009]", async () => {
    const kit = await pollKit();
    await kit.add("stix", "x");
    const contentBindings = [{ bindingId: "urn:stix" }, { bindingId: "urn:none" }];
    expect(textsOf(await kit.poll({ collectionName: "stix", pollParameters: { contentBindings } }))).toEqual(["x"]);
  });
});

test.each<[string, Parameters<typeof pollRequest>[0], string, string, readonly string[]]>([
  ["an unknown collection [SVC-POLL-007]", { collectionName: "nowhere" }, "NOT_FOUND", "ITEM", ["nowhere"]],
  ["a collection called constructor", { collectionName: "constructor" }, "NOT_FOUND", "ITEM", ["constructor"]],
  ["a collection that is not available", { collectionName: "closed" }, "DENIED", "ITEM", []],
  ["an unknown subscription [SVC-POLL-007]", { pollParameters: undefined, subscriptionId: "urn:s" }, "NOT_FOUND", "ITEM", ["urn:s"]],
  [
    "bindings the collection has none of [SVC-POLL-008] [CB-MATCH-009]",
    { collectionName: "stix", pollParameters: { contentBindings: [{ bindingId: "urn:csv" }] } },
    "UNSUPPORTED_CONTENT",
    "SUPPORTED_CONTENT",
    ["urn:stix", "urn:wrap"],
  ],
  [
    "a query where none are evaluated [SVC-POLL-009] [QRY-GEN-001]",
    { pollParameters: { query: { formatId: "urn:q", content: { text: "" } } } },
    "UNSUPPORTED_QUERY",
    "SUPPORTED_QUERY",
    [],
  ],
])("refused: %s", async (_, init, type, name, details) => {
  const kit = await pollKit();
  const status = await kit.refused(init);
  expect(summary(status, name)).toEqual([type, details]);
  expect(status.message).toMatch(/\.$/);
  if (details.length === 0) expect(status.statusDetail).toBeUndefined();
});

test("what is invalid though it fits the schema is a bad message [CB-NEST-006]", async () => {
  const kit = await pollKit();
  const status = await kit.refused({ pollParameters: { contentBindings: [{ bindingId: "urn:a|urn:b" }] } });
  expect(status.statusType).toBe("BAD_MESSAGE");
});

test("a poll is never answered with SUCCESS [SVC-POLL-002]", async () => {
  const kit = await pollKit();
  for (const collectionName of ["feed", "set", "closed", "nowhere"])
    expect(await kit.askAs(undefined, pollRequest({ collectionName }))).not.toMatchObject({ statusType: "SUCCESS" });
});

test("reading wants the right to read, and what may not be known is not there [SEC-ID-002]", async () => {
  const kit = await pollKit(
    {},
    { authorize: ({ account, right, collection }) => account?.name === "ann" && (collection.name === "feed" || right === "write") },
  );
  expect((await kit.poll({}, "ann")).collectionName).toBe("feed");
  expect((await kit.refused({ collectionName: "stix" }, "ann")).statusType).toBe("UNAUTHORIZED");
  expect(summary(await kit.refused({}, "bob"), "ITEM")).toEqual(["NOT_FOUND", ["feed"]]);
});

describe("options", () => {
  it("that are no numbers of anything are refused", () => {
    for (const options of [{ maxBlocks: 0 }, { maxSize: 1.5 }, { maxScanned: Number.NaN }, { countLimit: -1 }, { maxResults: 0 }])
      expect(() => poll({ path: "/poll", ...options })).toThrow(RangeError);
    expect(() => poll({ path: "/poll", resultLifetime: 0 })).toThrow(
      "resultLifetime of a poll service has to be a whole number of at least 1",
    );
    expect(() => poll({ path: "/poll", asynchronous: { above: -1 } })).toThrow("asynchronous.above");
  });
});

/** Has what a storage gives go through `each`, which is told how many blocks were read before. */
function watch({ storage }: Kit, each: (read: number) => void): void {
  const content = storage.content.bind(storage);
  let read = 0;
  vi.spyOn(storage, "content").mockImplementation(async function* (selection) {
    for await (const stored of content(selection)) {
      each(read++);
      yield stored;
    }
  });
}

const large = (count: number) =>
  Array.from({ length: count }, () => ({
    block: { contentBinding: { bindingId: "urn:stix" }, content: { text: "x".repeat(1000) } },
    collections: ["feed"],
  }));

test("a large reply is streamed, nothing is read that nobody takes, and nothing twice", async () => {
  const kit = await createKit();
  await kit.storage.add(large(1000));
  let read = 0;
  watch(kit, () => read++);
  const response = await kit.post("/poll", write(pollRequest()));
  expect(response.headers.has("Content-Length")).toBe(false);
  expect(read).toBeLessThan(200);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(read).toBeLessThan(300);
  read = 0;
  await (await kit.post("/poll", write(pollRequest()))).text();
  expect(read).toBe(1000);
  const small = await kit.post("/poll", write(pollRequest({ inclusiveEndTimestamp: "2020-01-01T00:00:00Z" })));
  expect(small.headers.has("Content-Length")).toBe(true);
});

test("the first byte waits for no count of the whole collection [SVC-POLL-013]", async () => {
  const kit = await createKit();
  await kit.storage.add(large(60));
  const { storage } = kit;
  const count = vi.spyOn(storage, "count");
  const whole = await createKit({ server: { storage, services: [poll({ path: "/poll" })] } });
  expect(await whole.ask("/poll", pollRequest())).toMatchObject({ recordCount: { value: 60, partialCount: false } });
  expect(count).not.toHaveBeenCalled();
  const parts = await createKit({ server: { storage, services: [poll({ path: "/poll", maxBlocks: 10, countLimit: 30 })] } });
  expect(await parts.ask("/poll", pollRequest())).toMatchObject({ recordCount: { value: 31, partialCount: true } });
  expect(count.mock.calls.map(([, limit]) => limit)).toEqual([21]);
});

test("a storage that fails at once gives FAILURE; one that fails later breaks the body off", async () => {
  const failingAfter = async (blocks: number) => {
    const kit = await createKit();
    await kit.storage.add(large(500));
    watch(kit, (read) => {
      if (read === blocks) throw new Error("disk gone");
    });
    return kit;
  };
  const atOnce = await failingAfter(3);
  expect(asStatus(await atOnce.ask("/poll", pollRequest())).statusType).toBe("FAILURE");
  const later = await failingAfter(400);
  const response = await later.post("/poll", write(pollRequest()));
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow("disk gone");
  for (const { failures } of [atOnce, later]) expect(failures).toMatchObject([{ error: { message: "disk gone" } }]);
});

test("a StatusError of authorisation ends the poll as it is", async () => {
  const kit = await pollKit(
    {},
    {
      authorize: () => {
        throw new StatusError("DENIED", { message: "Not today." });
      },
    },
  );
  expect(await kit.refused()).toMatchObject({ statusType: "DENIED", message: "Not today." });
});
