import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { ContentBlock } from "../../generated/taxii11/index.js";
import { contentBindings } from "../../src/constants.js";
import { isTaxiiError } from "../../src/errors.js";
import {
  type AcceptedBinding,
  type BlockBinding,
  commonBindings,
  coversBinding,
  isNesting,
  layersOf,
  type MatchOptions,
  nest,
} from "../../src/message/content-binding.js";
import { create } from "../../src/message/create.js";
import { blockAsContent, blockWithin, deepestNesting } from "../../src/message/nested-block.js";

const accepted = (...entries: (string | [string, ...string[]])[]): AcceptedBinding[] =>
  entries.map((entry) =>
    typeof entry === "string"
      ? { bindingId: entry }
      : { bindingId: entry[0], subtypes: entry.slice(1).map((subtypeId) => ({ subtypeId })) },
  );
const block = (bindingId: string, subtypeId?: string): BlockBinding => ({
  bindingId,
  subtype: subtypeId === undefined ? undefined : { subtypeId },
});
const covers = (list: readonly AcceptedBinding[], expression: string, options?: MatchOptions): boolean =>
  coversBinding(list, block(expression), options);

describe("nesting expressions", () => {
  it("[CB-NEST-001] may name the outer format only", () => {
    expect(layersOf("W")).toEqual(["W"]);
    expect(isNesting("W")).toBe(false);
  });

  it("[CB-NEST-002] list formats from the outermost to the innermost", () => {
    expect(layersOf("W|A")).toEqual(["W", "A"]);
    expect(nest("W", "A")).toBe("W|A");
    expect(isNesting("W|A")).toBe(true);
  });

  it("[CB-NEST-002] come back as they were made", () => {
    const layer = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && !text.includes("|"));
    fc.assert(
      fc.property(fc.tuple(layer, layer, layer), (layers) => {
        expect(layersOf(nest(...layers))).toEqual(layers);
      }),
    );
  });

  it.each(["", "|", "|A", "W|", "W||A", "W | A", " W"])("[CB-NEST-008] are malformed as %j, and never made", (expression) => {
    expect(layersOf(expression)).toBeUndefined();
    const [first = "", ...rest] = expression.split("|");
    expect(() => nest(first, ...rest)).toThrow(RangeError);
    expect(covers(accepted("W", "A", ""), expression)).toBe(false);
  });

  it("[CB-NEST-008] are not made of expressions", () => {
    expect(() => nest("W|W", "A")).toThrow('expected a content binding, found "W|W"');
  });
});

describe("a list of bindings", () => {
  it("[CB-MATCH-001] covers everything if it is empty", () => {
    expect(covers([], "A")).toBe(true);
    expect(coversBinding([], block("W|B", "s"))).toBe(true);
  });

  it("[CB-MATCH-002] covers all subtypes of a binding without subtypes", () => {
    expect(coversBinding(accepted("A"), block("A", "s"))).toBe(true);
    expect(coversBinding(accepted("A"), block("B", "s"))).toBe(false);
  });

  it("covers no other binding and no other subtype", () => {
    expect(covers(accepted("A", "B"), "C")).toBe(false);
    expect(coversBinding(accepted(["A", "s", "t"]), block("A", "u"))).toBe(false);
    expect(coversBinding(accepted(["A", "s", "t"]), block("A", "t"))).toBe(true);
  });

  it("[CB-MATCH-004] covers blocks that claim no subtype, unless told otherwise", () => {
    expect(covers(accepted(["A", "s"]), "A")).toBe(true);
    expect(covers(accepted(["A", "s"]), "A", { strictSubtypes: true })).toBe(false);
    expect(covers(accepted("A"), "A", { strictSubtypes: true })).toBe(true);
  });

  it("[CB-MATCH-005] adds up", () => {
    const list = accepted(["A", "s"], ["A", "t"]);
    expect(coversBinding(list, block("A", "s"))).toBe(true);
    expect(coversBinding(list, block("A", "t"))).toBe(true);
    expect(coversBinding(list, block("A", "u"))).toBe(false);
  });

  it("[CB-MATCH-006] covers a wrapper whatever is in it", () => {
    expect(covers(accepted("W"), "W")).toBe(true);
    expect(covers(accepted("A"), "W")).toBe(false);
  });

  it.each(["A", "W", "W|A", "A|W", "W|W|A", "W|W"])("[CB-NEST-007] {W, A} covers %s", (expression) => {
    expect(covers(accepted("W", "A"), expression)).toBe(true);
  });

  it.each(["B", "W|B", "B|A", "W|W|B"])("[CB-NEST-007] {W, A} does not cover %s", (expression) => {
    expect(covers(accepted("W", "A"), expression)).toBe(false);
  });

  it("[CB-NEST-005] covers a layer that is a content block, under the identifier one has settled on", () => {
    const options = { contentBlockBindings: ["urn:example:content-block"] };
    expect(covers(accepted("W", "A"), "W|urn:example:content-block", options)).toBe(true);
    expect(covers(accepted("W", "A"), "W|urn:example:content-block")).toBe(false);
    expect(covers(accepted("W", "A"), "urn:example:content-block|B", options)).toBe(false);
  });

  it("[CB-ID-002] takes the spellings of S/MIME for one, in layers too", () => {
    for (const one of ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/x-pks7-mime"]) {
      expect(covers(accepted(contentBindings.smime, "A"), `${one}|A`)).toBe(true);
      expect(covers(accepted(one), contentBindings.smime)).toBe(true);
    }
  });

  it("[XML-ID-009] compares character by character", () => {
    expect(covers(accepted("urn:A"), "urn:a")).toBe(false);
    expect(covers(accepted("http://example.com/%7ea"), "http://example.com/~a")).toBe(false);
    expect(coversBinding(accepted(["A", "S"]), block("A", "s"))).toBe(false);
  });
});

describe("what two lists agree on", () => {
  it("is nothing only if no entry of one is in the other", () => {
    expect(commonBindings(accepted("A", "B"), accepted("B", "C"))).toEqual(accepted("B"));
    expect(commonBindings(accepted("A"), accepted("B"))).toBeUndefined();
    expect(commonBindings(accepted("A"), accepted("A"))).toEqual(accepted("A"));
  });

  it("[CB-MATCH-001] is the other list where one is empty", () => {
    expect(commonBindings([], accepted("A"))).toEqual(accepted("A"));
    expect(commonBindings(accepted("A"), [])).toEqual(accepted("A"));
    expect(commonBindings([], [])).toEqual([]);
  });

  it("[CB-MATCH-002] is narrowed to common subtypes", () => {
    expect(commonBindings(accepted(["A", "s", "t"]), accepted(["A", "t", "u"]))).toEqual(accepted(["A", "t"]));
    expect(commonBindings(accepted(["A", "s"]), accepted(["A", "t"]))).toBeUndefined();
    expect(commonBindings(accepted("A"), accepted(["A", "t"]))).toEqual(accepted(["A", "t"]));
    expect(commonBindings(accepted(["A", "s"]), accepted("A"))).toEqual(accepted(["A", "s"]));
  });

  it("covers what both cover", () => {
    const id = fc.constantFrom("A", "B", "C");
    const entry = fc.record({ bindingId: id, subtypes: fc.array(fc.record({ subtypeId: fc.constantFrom("s", "t") }), { maxLength: 2 }) });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 3 }),
        fc.array(entry, { maxLength: 3 }),
        id,
        fc.constantFrom("s", "t"),
        (first, second, bindingId, subtype) => {
          const one = block(bindingId, subtype);
          const common = commonBindings(first, second);
          const both = coversBinding(first, one) && coversBinding(second, one);
          expect(common !== undefined && coversBinding(common, one)).toBe(both);
        },
      ),
    );
  });
});

describe("a content block within content", () => {
  const inner = create(ContentBlock, {
    contentBinding: { bindingId: contentBindings.stix12, subtype: { subtypeId: "urn:example:s" } },
    content: { text: "a < b\n" },
    timestampLabel: "2014-12-19T00:00:00.000001Z",
    padding: "xxxx",
    signature: { xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>' },
  });

  it("[CB-NEST-004] [CB-NEST-009] is wrapped and unwrapped", () => {
    const content = blockAsContent(ContentBlock, inner);
    const outer = create(ContentBlock, { contentBinding: { bindingId: contentBindings.xmlEncryption }, content });
    expect(blockWithin(ContentBlock, outer.content)).toEqual(inner);
    const inner10 = { contentBinding: contentBindings.stix12, content: { xml: "<a/>" }, padding: "x" };
    expect(blockWithin(taxii10.ContentBlock, blockAsContent(taxii10.ContentBlock, inner10))).toEqual(inner10);
  });

  it("[CB-NEST-010] keeps its padding", () => {
    expect(blockWithin(ContentBlock, blockAsContent(ContentBlock, inner))?.padding).toBe("xxxx");
  });

  it("[CB-NEST-009] is not taken for anything else", () => {
    const other = [
      { text: "<Content_Block/>" },
      { xml: "<Content_Block/>" },
      { xml: "<a/>" },
      { xml: "text" },
      blockAsContent(taxii10.ContentBlock, { contentBinding: "urn:example:f", content: { text: "" } }),
    ];
    for (const content of other) expect(blockWithin(ContentBlock, content)).toBeUndefined();
    const two = blockAsContent(ContentBlock, inner).xml.repeat(2);
    expect(blockWithin(ContentBlock, { xml: two })).toBeUndefined();
  });

  it("[CB-NEST-009] is read by the schema", () => {
    const broken = blockAsContent(ContentBlock, inner).xml.replace(/<taxii_11:Content>.*<\/taxii_11:Content>/s, "");
    expect(() => blockWithin(ContentBlock, { xml: broken })).toThrow(/expected <Content>/);
  });

  it("[CB-NEST-009] can be in another one, but not without end", () => {
    let content = blockAsContent(ContentBlock, inner);
    for (let depth = 0; depth < 50; depth++)
      content = blockAsContent(ContentBlock, { contentBinding: { bindingId: "urn:example:w" }, content });
    let depth = 0;
    const unwrap = (): void => {
      for (let within: ContentBlock["content"] | undefined = content; within !== undefined; depth++)
        within = blockWithin(ContentBlock, within, depth)?.content;
    };
    expect(unwrap).toThrow(`content blocks are within each other more than ${deepestNesting} times`);
    try {
      unwrap();
    } catch (error) {
      expect(isTaxiiError(error) && error.code).toBe("LIMIT_EXCEEDED");
    }
  });
});
