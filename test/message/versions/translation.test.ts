/** Translation as a whole: every message, there and back. */

import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import type { Shape } from "../../../src/binding/index.js";
import { fromXml, toXml } from "../../../src/codec/xml.js";
import { diff } from "../../../src/message/compare.js";
import { create } from "../../../src/message/create.js";
import { validate } from "../../../src/message/validate.js";
import { NotInVersion10Error, toVersion10, toVersion11, type Version10 } from "../../../src/message/versions/index.js";
import { valuesOf } from "../../fuzz/values.js";
import { messages10 } from "./arbitrary.js";

const now = new Date("2026-01-01T00:00:00Z");
const shapeOf = (message: { readonly $type: string }): Shape<object> => {
  const found = [...taxii10.messages, ...taxii11.messages].find(({ name }) => name === message.$type);
  if (found === undefined) throw new Error(`${message.$type} is no message`);
  return found;
};
const errorsOf = (message: taxii10.Message | taxii11.Message): readonly string[] =>
  validate(shapeOf(message), message)
    .issues.filter(({ severity }) => severity === "error")
    .map(({ path, message: text }) => `${path}: ${text}`);
const isMessage10 = (value: object): value is taxii10.Message => taxii10.messages.some(({ name }) => name === Reflect.get(value, "$type"));
const isMessage11 = (value: object): value is taxii11.Message => taxii11.messages.some(({ name }) => name === Reflect.get(value, "$type"));

/** A message without signatures, which stay behind. */
function unsigned(message: taxii10.Message): taxii10.Message {
  const bare = { ...message, signature: undefined };
  return "contentBlocks" in bare
    ? { ...bare, contentBlocks: bare.contentBlocks.map((block) => ({ ...block, signature: undefined })) }
    : bare;
}

describe.each(Object.entries(messages10))("a %s of TAXII 1.0 that keeps to the rules", (_, messages) => {
  const any: fc.Arbitrary<taxii10.Message> = messages;

  it("is what the properties below are about", () => {
    fc.assert(
      fc.property(any, (message) => {
        expect(errorsOf(message)).toEqual([]);
      }),
    );
  });

  it("[VER-X-001] keeps to the rules of TAXII 1.1", () => {
    fc.assert(
      fc.property(any, (message) => {
        const translated = toVersion11(message, { now });
        expect(errorsOf(translated)).toEqual([]);
        expect([translated.messageId, translated.extendedHeaders]).toEqual([message.messageId, message.extendedHeaders]);
      }),
    );
  });

  it("[VER-X-001] comes back as it was", () => {
    fc.assert(
      fc.property(any, (message) => {
        const back = toVersion10(toVersion11(message, { now }), { now });
        expect(diff(shapeOf(message), unsigned(message), back)).toEqual([]);
      }),
    );
  });
});

describe("messages that only keep to the schema", () => {
  it.each(taxii10.messages.map((shape) => [shape.name, shape] as const))("%s has a counterpart in TAXII 1.1", (_, shape) => {
    fc.assert(
      fc.property(valuesOf(shape), (value) => {
        if (!isMessage10(value)) throw new Error("expected a message");
        const translated = toVersion11(value, { now });
        const target = shapeOf(translated);
        expect(target.schema.safeParse(translated).error).toBeUndefined();
        expect(diff(target, fromXml(target, toXml(target, translated)), translated)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it.each(taxii11.messages.map((shape) => [shape.name, shape] as const))("%s is translated or refused, never botched", (_, shape) => {
    fc.assert(
      fc.property(valuesOf(shape), fc.boolean(), (value, blocksFollow) => {
        if (!isMessage11(value)) throw new Error("expected a message");
        // Most random ids are more than digits, and most random parts are later ones.
        const response = "inResponseTo" in value ? { inResponseTo: "2" } : {};
        const part = "more" in value ? { more: false, resultPartNumber: 1 } : {};
        const asked = { ...value, messageId: "1", ...response, ...part };
        try {
          const translated: taxii10.Message = toVersion10(asked, { now, blocksFollow });
          expect(shapeOf(translated).schema.safeParse(translated).error).toBeUndefined();
        } catch (error) {
          if (!(error instanceof NotInVersion10Error)) throw error;
          expect(error.message).toContain(error.reason);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("that are no messages of the version are refused", () => {
    const request = create(taxii11.DiscoveryRequest, {});
    // @ts-expect-error a message of the other version
    expect(() => toVersion11(request)).toThrow("expected a message of TAXII 1.0, found taxii11.DiscoveryRequest");
    // @ts-expect-error a message of the other version
    expect(() => toVersion10(create(taxii10.DiscoveryRequest, {}))).toThrow(
      "expected a message of TAXII 1.1, found taxii10.DiscoveryRequest",
    );
  });
});

describe("types", () => {
  it("follow the message", () => {
    const request = create(taxii10.PollRequest, { feedName: "feed" });
    expectTypeOf(toVersion11(request)).toEqualTypeOf<taxii11.PollRequest>();
    expectTypeOf(toVersion11<taxii10.PollResponse | taxii10.StatusMessage>).returns.toEqualTypeOf<
      taxii11.PollResponse | taxii11.StatusMessage
    >();
    expectTypeOf(toVersion11<taxii10.FeedInformationResponse>).returns.toEqualTypeOf<taxii11.CollectionInformationResponse>();
    expectTypeOf(toVersion10<taxii11.CollectionInformationRequest>).returns.toEqualTypeOf<taxii10.FeedInformationRequest>();
    expectTypeOf<Version10<taxii11.PollFulfillment>>().toBeNever();
    expectTypeOf<Version10<taxii11.Message>>().toEqualTypeOf<taxii10.Message>();
    expect(toVersion11(request).collectionName).toBe("feed");
  });
});
