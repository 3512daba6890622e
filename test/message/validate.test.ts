import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Criteria, DefaultQuery } from "../../generated/default-query/index.js";
import { messages as messages10 } from "../../generated/taxii10/index.js";
import {
  ContentBlock,
  DiscoveryResponse,
  InboxMessage,
  messages as messages11,
  PollRequest,
  PollResponse,
  StatusMessage,
  SubscriptionManagementResponse,
} from "../../generated/taxii11/index.js";
import { xmlContent } from "../../src/codec/fragment.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { isTaxiiError, ValidationError } from "../../src/errors.js";
import { create } from "../../src/message/create.js";
import { queryBody } from "../../src/message/query-body.js";
import { rule } from "../../src/message/rule.js";
import { assertValid, validate } from "../../src/message/validate.js";
import { valuesOf } from "../codec/json-arbitrary.js";
import { everywhere, findings } from "../conformance/findings.js";

const block = (init: object = {}): ContentBlock => ({
  contentBinding: { bindingId: "urn:example:format:1" },
  content: { text: "x" },
  ...init,
});

const response = (init: Partial<PollResponse> = {}): PollResponse => ({
  ...create(PollResponse, {
    inResponseTo: "1",
    collectionName: "c",
    inclusiveEndTimestamp: "2014-12-19T00:00:00Z",
    recordCount: { value: 9 },
  }),
  ...init,
});

describe("validate", () => {
  it("finds nothing in a good message", () => {
    expect(
      validate(PollResponse, response({ contentBlocks: [block(), block({ timestampLabel: "2014-12-19T00:00:00.123456+01:00" })] })),
    ).toEqual({ valid: true, issues: [] });
  });

  it("gives every issue at once, with the path and the rule", () => {
    const message = response({
      more: true,
      recordCount: { value: 1, partialCount: false },
      contentBlocks: [block(), block({ timestampLabel: "2014-12-19T24:00:00Z" })],
    });
    expect(validate(PollResponse, message)).toEqual({
      valid: false,
      issues: [
        {
          path: "resultId",
          message: "more parts need a result id to ask for them",
          rule: "taxii11/more-needs-result-id",
          clause: "XML-PRS-002",
          severity: "error",
        },
        {
          path: "recordCount.value",
          message: "expected at least the number of content blocks, 2, found 1",
          rule: "taxii11/count-covers-blocks",
          clause: "XML-PRS-008",
          severity: "error",
        },
        {
          path: "contentBlocks[1].timestampLabel",
          message: '"2014-12-19T24:00:00Z" is no date-time of RFC 3339, which has neither hour 24 nor years before 0',
          rule: "taxii11/label-fits-rfc-3339",
          clause: "XML-TS-001 XML-TS-007",
          severity: "error",
        },
      ],
    });
  });

  it("does not count warnings as invalid", () => {
    const { recordCount: _, ...message } = response();
    expect(validate(PollResponse, message).valid).toBe(true);
    expect(findings(PollResponse, message)).toEqual(["warning taxii11/response-has-count recordCount"]);
  });

  it("validates parts as well as messages", () => {
    expect(findings(ContentBlock, block({ timestampLabel: "-0001-01-01T00:00:00Z" }))).toEqual([
      "error taxii11/label-fits-rfc-3339 timestampLabel",
    ]);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "<Poll_Response/>"],
    ["a list", []],
    ["another message", create(PollRequest, { collectionName: "c", subscriptionId: "s" })],
  ])("takes %s and finds it wrong", (_, value) => {
    expect(validate(PollResponse, value).valid).toBe(false);
  });
});

describe("faults of type and value", () => {
  const faults = (value: unknown): string[] =>
    validate(PollResponse, value).issues.flatMap(({ rule: id, path, message }) => (id === undefined ? [`${path}: ${message}`] : []));

  it("tells what was expected and what was found", () => {
    const wrong = {
      ...response(),
      more: "yes",
      collectionName: undefined,
      resultPartNumber: 0,
      contentBlocks: {},
      inclusiveEndTimestamp: "yesterday",
      extra: 1,
    };
    expect(faults(wrong)).toEqual([
      "collectionName: expected text, found nothing",
      'more: expected true or false, found "yes"',
      "resultPartNumber: expected a whole number from 1, found 0",
      expect.stringMatching(/^inclusiveEndTimestamp: expected a timestamp label .*, found "yesterday"$/),
      "contentBlocks: expected a list, found an object",
      "extra: there is no such property",
    ]);
  });

  it("tells the alternatives of a union as one", () => {
    const { issues } = validate(StatusMessage, { ...create(StatusMessage, { inResponseTo: "1", statusType: "FAILURE" }), statusType: 7 });
    expect(issues.map(({ path }) => path)).toEqual(["statusType"]);
    expect(issues[0]?.message).toMatch(/^expected .*ASYNCHRONOUS_POLL_ERROR.*, or .*, found 7$/);
  });

  it("tells of tagged items what is wrong with the alternative that comes closest", () => {
    const criteria = {
      operator: "AND",
      items: [{ criterion: { negate: false, target: "a", test: { capabilityId: "urn:example:m", relationship: 1, parameters: [] } } }],
    };
    expect(validate(Criteria, criteria).issues).toMatchObject([
      { path: "items[0].criterion.test.relationship", message: "expected text, found 1" },
    ]);
    expect(validate(Criteria, { operator: "AND", items: [{ other: 1 }] }).valid).toBe(false);
  });

  it("tells properties that do not go together, and lists that are too short", () => {
    const both = {
      ...create(PollRequest, { collectionName: "c", subscriptionId: "s" }),
      pollParameters: { allowAsynch: false, responseType: "FULL", contentBindings: [] },
    };
    expect(validate(PollRequest, both).issues).toMatchObject([
      { path: "pollParameters", message: "pollParameters cannot stand beside subscriptionId" },
    ]);
    const [neither] = validate(PollRequest, create(PollRequest, { collectionName: "c" })).issues;
    expect(neither?.message).toMatch(/subscriptionId or pollParameters is missing$/);
    expect(
      validate(StatusMessage, create(StatusMessage, { inResponseTo: "1", statusType: "urn:example:s", statusDetail: { details: [] } }))
        .issues,
    ).toMatchObject([{ path: "statusDetail.details", message: "expected at least 1" }]);
  });

  it("applies the rules where there are no such faults, and only there", () => {
    const bad = { ...block(), timestampLabel: 7 };
    const late = block({ timestampLabel: "2014-12-19T24:00:00Z" });
    const message = { ...response({ more: true }), contentBlocks: [late, bad, late] };
    // The message holds a faulty part, so nothing is said about the message itself.
    expect(findings(PollResponse, message)).toEqual([
      "error schema contentBlocks[1].timestampLabel",
      "error taxii11/label-fits-rfc-3339 contentBlocks[0].timestampLabel",
      "error taxii11/label-fits-rfc-3339 contentBlocks[2].timestampLabel",
    ]);
    expect(findings(PollResponse, { ...response(), contentBlocks: [late, undefined, 7] })).toEqual([
      "error schema contentBlocks[1]",
      "error schema contentBlocks[2]",
      "error taxii11/label-fits-rfc-3339 contentBlocks[0].timestampLabel",
    ]);
  });

  it("stays linear however much is wrong", () => {
    const message = { ...response(), contentBlocks: Array.from({ length: 20_000 }, () => ({ ...block(), timestampLabel: 7 })) };
    const start = performance.now();
    expect(validate(PollResponse, message, { maxIssues: 5 }).issues).toHaveLength(5);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe("options", () => {
  it("keeps as many issues as asked for, and still knows whether the message is valid", () => {
    const message = response({
      collectionName: "",
      contentBlocks: Array.from({ length: 5 }, () => block({ contentBinding: { bindingId: "relative" } })),
    });
    const { valid, issues } = validate(PollResponse, message, { maxIssues: 2 });
    expect(valid).toBe(false);
    expect(issues.map(({ severity }) => severity).sort()).toEqual(["error", "warning", "warning"]);
    expect(validate(PollResponse, message, { maxIssues: 0 })).toEqual({ valid: false, issues: [] });
  });

  it("turns what a receiver has to cope with into warnings", () => {
    const request = create(PollRequest, {
      collectionName: "a b",
      exclusiveBeginTimestamp: "2014-12-19T00:00:00Z",
      inclusiveEndTimestamp: "2014-12-19T00:00:00Z",
      subscriptionId: "",
    });
    expect(findings(PollRequest, request)).toEqual([
      "error taxii11/identifier-is-not-empty subscriptionId",
      "error taxii11/identifier-is-uri collectionName",
      "error taxii11/range-is-not-empty inclusiveEndTimestamp",
    ]);
    expect(findings(PollRequest, request, { received: true })).toEqual([
      "error taxii11/identifier-is-not-empty subscriptionId",
      "warning taxii11/identifier-is-uri collectionName",
      "warning taxii11/range-is-not-empty inclusiveEndTimestamp",
    ]);
  });

  it("leaves out what a strict reader has seen to, and finds the same", () => {
    for (const shape of [...messages10, ...messages11]) {
      fc.assert(
        fc.property(valuesOf(shape), (value) => {
          const read = fromXml(shape, toXml(shape, value));
          expect(validate(shape, read, { read: true })).toEqual(validate(shape, read));
        }),
        { numRuns: 30 },
      );
    }
  });

  it("takes the reader's word", () => {
    const wrong = { ...response(), more: "perhaps" };
    expect(validate(PollResponse, wrong).valid).toBe(false);
    expect(validate(PollResponse, wrong, { read: true }).issues.filter(({ rule: id }) => id === undefined)).toEqual([]);
  });
});

describe("rules of one's own", () => {
  it("run beside the built-in ones, for every value of their shape, with the path to it", () => {
    const message = response({ more: true, contentBlocks: [block(), block()] });
    expect(findings(PollResponse, message, { rules: [everywhere(ContentBlock)] })).toEqual([
      "error taxii11/more-needs-result-id resultId",
      "error test/everywhere contentBlocks[0]",
      "error test/everywhere contentBlocks[1]",
    ]);
    expect(findings(PollResponse, message)).toEqual(["error taxii11/more-needs-result-id resultId"]);
  });

  it("are typed by their shape, name their requirement and have a strictness", () => {
    const one = rule(
      InboxMessage,
      "acme/one-destination",
      ["ACME-1", "ACME-2"],
      (message, report) => {
        expectTypeOf(message).toEqualTypeOf<InboxMessage>();
        if (message.destinationCollectionNames.length > 1) report("expected one destination", "destinationCollectionNames", 1);
      },
      "warning",
    );
    const message = create(InboxMessage, { destinationCollectionNames: ["a", "b"] });
    expect(validate(InboxMessage, message, { rules: [one] })).toEqual({
      valid: true,
      issues: [
        {
          path: "destinationCollectionNames[1]",
          message: "expected one destination",
          rule: "acme/one-destination",
          clause: "ACME-1 ACME-2",
          severity: "warning",
        },
      ],
    });
  });

  it("reach tagged items and values that contain themselves", () => {
    const criterion = { negate: false, target: "a", test: { capabilityId: "urn:example:m", relationship: "r", parameters: [] } };
    const query: DefaultQuery = {
      targetingExpressionId: "urn:example:v",
      criteria: { operator: "AND", items: [{ criteria: { operator: "OR", items: [{ criterion }] } }, { criterion }] },
    };
    expect(findings(DefaultQuery, query, { rules: [everywhere(Criteria)] })).toEqual([
      "error test/everywhere criteria",
      "error test/everywhere criteria.items[0].criteria",
    ]);
    const faulty = {
      ...query,
      criteria: {
        operator: "AND",
        items: [{ criteria: { operator: "OR", items: [{ criterion }] } }, { criterion: { ...criterion, negate: 0 } }],
      },
    };
    expect(findings(DefaultQuery, faulty, { rules: [everywhere(Criteria)] })).toEqual([
      "error schema criteria.items[1].criterion.negate",
      "error test/everywhere criteria.items[0].criteria",
    ]);
  });

  it("can look into open content: rules for what is found there apply, with the path going on", () => {
    const { content } = queryBody({
      targetingExpressionId: "urn:example:v",
      criteria: {
        operator: "AND",
        items: [
          { criterion: { negate: false, target: "a//b", test: { capabilityId: "urn:example:m", relationship: "r", parameters: [] } } },
        ],
      },
    });
    const request = create(PollRequest, {
      collectionName: "c",
      pollParameters: { query: { formatId: "urn:taxii.mitre.org:query:default:1.0", content } },
    });
    expect(findings(PollRequest, request)).toEqual([
      "error default-query/targets-fit-vocabulary pollParameters.query.content.criteria.items[0].criterion.target",
    ]);
  });
});

describe("assertValid", () => {
  it("narrows the type of what is valid, and passes over warnings", () => {
    const value: unknown = create(SubscriptionManagementResponse, { inResponseTo: "1", collectionName: "c" });
    assertValid(SubscriptionManagementResponse, value);
    expectTypeOf(value).toEqualTypeOf<SubscriptionManagementResponse>();
    const { recordCount: _, ...uncounted } = response();
    expect(() => assertValid(PollResponse, uncounted)).not.toThrow();
  });

  it("throws every error, and no warning", () => {
    const { recordCount: _, ...message } = response({ more: true, collectionName: "" });
    try {
      assertValid(PollResponse, message);
      expect.unreachable();
    } catch (error) {
      expect(isTaxiiError(error) && error.code).toBe("INVALID_MESSAGE");
      expect(error instanceof ValidationError && error.issues.map((issue) => issue.rule)).toEqual([
        "taxii11/identifier-is-not-empty",
        "taxii11/more-needs-result-id",
      ]);
      expect(error).toHaveProperty(
        "message",
        "taxii11.PollResponse is not valid: collectionName: expected an identifier, found nothing; resultId: more parts need a result id to ask for them",
      );
    }
  });
});

describe("markup", () => {
  const wrong = { xml: "<a><b></a>" };

  it("[XML-GEN-015] [XML-CBK-003] is checked where it did not come from a reader", () => {
    expect(findings(ContentBlock, block({ content: wrong }))).toEqual(["error taxii11/content-is-well-formed content"]);
    expect(findings(ContentBlock, block({ content: { xml: "<a>\u0000</a>" } }))).toEqual(["error schema content"]);
    expect(findings(ContentBlock, block({ content: { text: "\ud800" } }))).toEqual(["error schema content"]);
    expect(findings(ContentBlock, block({ content: { xml: '<p:a xmlns:p="urn:x"/>text<b/>' } }))).toEqual([]);
    expect(findings(ContentBlock, block({ content: xmlContent('<?xml version="1.0"?><a/>') }))).toEqual([]);
  });

  it("[SIG-MSG-001] [SIG-MSG-002] of a signature is one ds:Signature", () => {
    const signature = { xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>' };
    expect(findings(ContentBlock, block({ signature }))).toEqual([]);
    for (const xml of ["<Signature/>", `${signature.xml}${signature.xml}`, `${signature.xml} text`, "<a>", ""]) {
      expect(findings(ContentBlock, block({ signature: { xml } }))).toEqual(["error taxii11/signature-is-one-element signature"]);
      expect(findings(DiscoveryResponse, create(DiscoveryResponse, { inResponseTo: "1", signature: { xml } }))).toEqual([
        "error taxii11/signature-is-one-element signature",
      ]);
    }
  });
});
