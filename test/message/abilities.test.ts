import { expect, test } from "vitest";
import { CollectionInformationResponse, type CollectionRecord, type CollectionRecordInit } from "../../generated/taxii11/index.js";
import { abilitiesOf, coversBinding, create, inboxBindingsOf } from "../../src/index.js";

const contact = { protocolBinding: "urn:p", address: "http://taxii.test/", messageBindings: ["urn:m"] };
const stix = { bindingId: "urn:stix" };
const other = { bindingId: "urn:other" };

function recordOf(init: Partial<CollectionRecordInit>): CollectionRecord {
  const collections = [{ collectionName: "c", description: "", ...init }];
  const [record] = create(CollectionInformationResponse, { inResponseTo: "1", collections }).collections;
  if (record === undefined) throw new Error("no record");
  return record;
}

test("a collection can do what its record has a service or method for [XML-COL-006]", () => {
  expect(abilitiesOf(recordOf({}))).toEqual({ poll: false, push: false, subscribe: false, contribute: false });
  expect(abilitiesOf(recordOf({ pollingServices: [contact] }))).toMatchObject({ poll: true, push: false });
  expect(abilitiesOf(recordOf({ pushMethods: [{ protocolBinding: "urn:p", messageBindings: ["urn:m"] }] }))).toMatchObject({ push: true });
  expect(abilitiesOf(recordOf({ subscriptionServices: [contact] }))).toMatchObject({ subscribe: true, contribute: false });
  expect(abilitiesOf(recordOf({ receivingInboxServices: [contact] }))).toMatchObject({ contribute: true, poll: false });
});

test("no content binding stands for all, no subtype for all of a binding [XML-COL-005] [SVC-DISC-007]", () => {
  const block = { bindingId: "urn:stix", subtype: { subtypeId: "urn:sub" } };
  expect(coversBinding(recordOf({}).contentBindings, block)).toBe(true);
  expect(coversBinding(recordOf({ contentBindings: [stix] }).contentBindings, block)).toBe(true);
  expect(coversBinding(recordOf({ contentBindings: [{ ...stix, subtypes: [{ subtypeId: "urn:x" }] }] }).contentBindings, block)).toBe(
    false,
  );
  expect(coversBinding(recordOf({ contentBindings: [other] }).contentBindings, block)).toBe(false);
});

test("an inbox that lists no content binding takes what the collection does [XML-COL-007]", () => {
  const taken = (collection: (typeof stix)[], inbox: (typeof stix)[]) => {
    const record = recordOf({ contentBindings: collection, receivingInboxServices: [{ ...contact, contentBindings: inbox }] });
    const [service] = record.receivingInboxServices;
    if (service === undefined) throw new Error("no inbox");
    return inboxBindingsOf(record, service)?.map(({ bindingId }) => bindingId);
  };
  expect(taken([stix], [])).toEqual(["urn:stix"]);
  expect(taken([], [stix])).toEqual(["urn:stix"]);
  expect(taken([stix, other], [stix])).toEqual(["urn:stix"]);
  expect(taken([], [])).toEqual([]);
  expect(taken([stix], [other])).toBeUndefined();
});
