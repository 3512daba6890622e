import { expect, it } from "vitest";
import { type ContentBlock as Block, ContentBlock, type ContentBlockInit } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../../src/binding/content.js";
import { create } from "../../../src/message/create.js";
import { blocksOfPart, blocksOfRange, type ContentRange } from "../../../src/server/results/index.js";
import { formatLabel, type Label, memoryStorage, type ResultSet, type Storage } from "../../../src/storage/index.js";

async function storageOf(...blocks: readonly (Partial<ContentBlockInit> & { readonly text: string })[]) {
  const storage: Storage = memoryStorage();
  await storage.putCollection({ name: "feed" });
  const labels = await storage.add(
    blocks.map(({ text, ...rest }) => ({
      block: create(ContentBlock, { contentBinding: { bindingId: "urn:stix" }, content: { text }, ...rest }),
      collections: ["feed"],
    })),
  );
  return { storage, labels: labels.map((label) => label ?? Number.NaN) };
}

async function collect(blocks: AsyncIterable<Block>): Promise<(readonly [string, string | undefined])[]> {
  const all: (readonly [string, string | undefined])[] = [];
  for await (const { content, timestampLabel } of blocks) all.push([charactersOf(content), timestampLabel]);
  return all;
}

const range = (until: Label, init: Partial<ContentRange> = {}): ContentRange => ({
  collection: { name: "feed", type: "DATA_FEED" },
  after: undefined,
  until,
  contentBindings: [],
  ...init,
});

it("blocks of a feed have the label they have there, those of a set none [SVC-TS-001] [SVC-PUSH-009]", async () => {
  const { storage, labels } = await storageOf({ text: "1", timestampLabel: "1999-01-01T00:00:00Z" }, { text: "2" }, { text: "3" });
  const [first = 0, second = 0] = labels;
  expect(await collect(blocksOfRange(storage, range(second)))).toEqual([
    ["1", formatLabel(first)],
    ["2", formatLabel(second)],
  ]);
  const set = range(second, { collection: { name: "feed", type: "DATA_SET" }, after: first });
  expect(await collect(blocksOfRange(storage, set))).toEqual([["2", undefined]]);
});

it("a signed block keeps the label it came with, or none [SIG-MSG-005]", async () => {
  const signature = {
    xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:x"/><ds:SignatureMethod Algorithm="urn:x"/><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AA==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>',
  };
  const { storage, labels } = await storageOf({ text: "1", signature }, { text: "2", signature, timestampLabel: "1999-01-01T00:00:00Z" });
  expect(await collect(blocksOfRange(storage, range(labels[1] ?? 0)))).toEqual([
    ["1", undefined],
    ["2", "1999-01-01T00:00:00Z"],
  ]);
});

it("bindings and predicate both have to be met [CB-MATCH-003] [CB-MATCH-004]", async () => {
  const csv = { bindingId: "urn:csv" };
  const sub = { bindingId: "urn:stix", subtype: { subtypeId: "urn:s" } };
  const { storage, labels } = await storageOf(
    { text: "a" },
    { text: "b", contentBinding: csv },
    { text: "c", contentBinding: sub },
    { text: "d" },
  );
  const stix = range(labels[3] ?? 0, { contentBindings: [{ bindingId: "urn:stix", subtypes: [{ subtypeId: "urn:s" }] }] });
  const texts = async (...rest: [Parameters<typeof blocksOfRange>[2]?, Parameters<typeof blocksOfRange>[3]?]) =>
    (await collect(blocksOfRange(storage, stix, ...rest))).map(([text]) => text);
  expect(await texts()).toEqual(["a", "c", "d"]);
  expect(await texts(({ content }) => charactersOf(content) !== "a")).toEqual(["c", "d"]);
  expect(await texts(async () => false)).toEqual([]);
  expect(await texts(undefined, { strictSubtypes: true })).toEqual(["c"]);
});

it("blocks of a part are those of its labels in the result's bindings, and labelled when the result has a range", async () => {
  const { storage, labels } = await storageOf(
    { text: "1" },
    { text: "2" },
    { text: "3", contentBinding: { bindingId: "urn:csv" } },
    { text: "4" },
  );
  const [first = 0, second = 0, , fourth = 0] = labels;
  const result: ResultSet = await storage.results.create(
    {
      id: "urn:uuid:1",
      owner: "",
      collection: "feed",
      subscriptionId: undefined,
      version: "1.1",
      after: undefined,
      until: fourth,
      stated: { begin: undefined, end: formatLabel(fourth) },
      contentBindings: [{ bindingId: "urn:stix", subtypes: [] }],
      query: undefined,
      responseType: "FULL",
      state: "READY",
      count: { value: 3, partial: false },
      push: undefined,
      expires: Date.now() + 60_000,
    },
    [],
    1,
  );
  expect(await collect(blocksOfPart(storage, result, { after: first, until: fourth }))).toEqual([
    ["2", formatLabel(second)],
    ["4", formatLabel(fourth)],
  ]);
  expect(await collect(blocksOfPart(storage, { ...result, stated: undefined }, { after: undefined, until: second }))).toEqual([
    ["1", undefined],
    ["2", undefined],
  ]);
});
