import { describe, expect, it, test } from "vitest";
import { block, summary, textsOf } from "../kit.js";
import { asPoll10, asStatus10, pollKit, textsOf10 } from "./poll-kit.js";
import { startsWith } from "./poll-query.js";

const csv = [{ bindingId: "urn:csv" }];

test("a poll by subscription has its parameters, and names it [SVC-POLL-004] [SVC-POLL-015] [QRY-GEN-003]", async () => {
  const kit = await pollKit({ queries: [startsWith] });
  await kit.add("feed", "a1", block("a2", "urn:csv"), block("b3", "urn:csv"));
  const of = async (parameters?: Parameters<typeof kit.subscribe>[0]) => {
    const subscriptionId = await kit.subscribe(parameters);
    return { response: await kit.poll({ pollParameters: undefined, subscriptionId }), subscriptionId };
  };
  const plain = await of();
  expect([textsOf(plain.response), plain.response.subscriptionId]).toEqual([["a1", "a2", "b3"], plain.subscriptionId]);
  expect(textsOf((await of({ contentBindings: csv })).response)).toEqual(["a2", "b3"]);
  expect(textsOf((await of({ contentBindings: csv, query: startsWith.query("a") })).response)).toEqual(["a2"]);
  const counted = (await of({ contentBindings: csv, responseType: "COUNT_ONLY" })).response;
  expect(counted).toMatchObject({ recordCount: { value: 2 }, contentBlocks: [], inclusiveEndTimestamp: expect.any(String) });
  expect((await kit.poll()).subscriptionId).toBeUndefined();
});

test("its parts name it as well, and have its bindings [SVC-POLL-015] [SVC-POLL-004]", async () => {
  const kit = await pollKit({ maxBlocks: 2 });
  await kit.add("feed", "1", block("2", "urn:csv"), "3", block("4", "urn:csv"), block("5", "urn:csv"));
  const subscriptionId = await kit.subscribe({ contentBindings: csv });
  const parts = await kit.parts({ pollParameters: undefined, subscriptionId });
  expect(parts.map((part) => [textsOf(part), part.subscriptionId, part.recordCount?.value])).toEqual([
    [["2", "4"], subscriptionId, 3],
    [["5"], subscriptionId, 3],
  ]);
});

test("a subscription that is paused is still polled [SVC-SUBF-006]", async () => {
  const kit = await pollKit();
  await kit.add("feed", "1");
  const id = await kit.subscribe();
  await kit.storage.subscriptions.setStatus({ id, owner: "", collection: "feed" }, "PAUSED");
  expect(textsOf(await kit.poll({ pollParameters: undefined, subscriptionId: id }))).toEqual(["1"]);
});

test("somebody else's subscription, one to another collection, or one that was ended is NOT_FOUND with ITEM [SVC-POLL-007]", async () => {
  const kit = await pollKit();
  const id = await kit.subscribe(undefined, { owner: "ann" });
  const other = await kit.subscribe(undefined, { owner: "ann", collection: "stix" });
  const init = (subscriptionId: string) => ({ pollParameters: undefined, subscriptionId });
  expect((await kit.poll(init(id), "ann")).subscriptionId).toBe(id);
  expect(summary(await kit.refused(init(id), "bob"), "ITEM")).toEqual(["NOT_FOUND", [id]]);
  expect(summary(await kit.refused(init(id)), "ITEM")).toEqual(["NOT_FOUND", [id]]);
  expect(summary(await kit.refused(init(other), "ann"), "ITEM")).toEqual(["NOT_FOUND", [other]]);
  await kit.storage.subscriptions.remove({ id });
  expect(summary(await kit.refused(init(id), "ann"), "ITEM")).toEqual(["NOT_FOUND", [id]]);
});

test("the subscription stays when rights change; the rights of now hold [SVC-GEN-012]", async () => {
  const rights = { read: true };
  const kit = await pollKit({}, { authorize: ({ right }) => right === "write" || rights.read });
  await kit.add("feed", "1");
  const init = { pollParameters: undefined, subscriptionId: await kit.subscribe() };
  rights.read = false;
  expect((await kit.refused(init)).statusType).toBe("UNAUTHORIZED");
  rights.read = true;
  expect(textsOf(await kit.poll(init))).toEqual(["1"]);
});

test("where subscriptions are required, polls without are DENIED [SVC-POLL-005]", async () => {
  const kit = await pollKit({ requiresSubscription: true });
  await kit.add("feed", "1");
  expect((await kit.refused()).statusType).toBe("DENIED");
  expect(textsOf(await kit.poll({ pollParameters: undefined, subscriptionId: await kit.subscribe() }))).toEqual(["1"]);
  expect(asStatus10(await kit.poll10()).statusType).toBe("DENIED");
});

test("a poll by subscription is never put off, however much there is [XML-PRQ-006]", async () => {
  const kit = await pollKit({ asynchronous: "always" });
  await kit.add("feed", "1");
  expect(textsOf(await kit.poll({ pollParameters: undefined, subscriptionId: await kit.subscribe() }))).toEqual(["1"]);
});

describe("in TAXII 1.0", () => {
  it("subscription and bindings can be given together; what is in both is sent [SVC-POLL-017]", async () => {
    const kit = await pollKit();
    await kit.add("feed", "stix", block("csv", "urn:csv"), block("xml", "urn:xml"));
    const subscriptionId = await kit.subscribe({ contentBindings: [{ bindingId: "urn:stix" }, { bindingId: "urn:csv" }] });
    const asking = async (...contentBindings: string[]) => kit.poll10({ subscriptionId, contentBindings });
    const whole = asPoll10(await asking());
    expect([textsOf10(whole), whole.subscriptionId]).toEqual([["stix", "csv"], subscriptionId]);
    expect(textsOf10(asPoll10(await asking("urn:csv", "urn:xml")))).toEqual(["csv"]);
    const nothing = asStatus10(await asking("urn:xml"));
    expect([nothing.statusType, nothing.statusDetail]).toEqual(["UNSUPPORTED_CONTENT", expect.stringContaining("urn:csv")]);
    const any = await kit.subscribe();
    expect(textsOf10(asPoll10(await kit.poll10({ subscriptionId: any, contentBindings: ["urn:xml"] })))).toEqual(["xml"]);
  });

  it("subscriptions that ask for what there is not in TAXII 1.0 are not there [VER-X-006]", async () => {
    const kit = await pollKit({ queries: [startsWith] });
    for (const parameters of [{ responseType: "COUNT_ONLY" as const }, { query: startsWith.query("a") }])
      expect(asStatus10(await kit.poll10({ subscriptionId: await kit.subscribe(parameters) })).statusType).toBe("NOT_FOUND");
  });
});
