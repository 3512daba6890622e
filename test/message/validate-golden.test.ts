/** libtaxii's own messages: what is fine by the specification has no error, and what is not has the right one. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { ParseError } from "../../src/errors.js";
import { errors } from "../conformance/findings.js";

const root = "../shared/vectors/golden";

/** By file, why each is really wrong. Everything else has no error. */
const wrong: Readonly<Record<string, readonly string[]>> = {
  // "name with space" is no URI (XML-EXT-003).
  "1.0/005-discovery-request-ext-headers-many.xml": ["error taxii10/identifier-is-uri extendedHeaders.extendedHeaders[2].name"],
  // 09:30:01Z is before 18:29:59Z, though it is written with a higher hour (XML-PRQ-002).
  "1.0/048-poll-request-both-offsets.xml": ["error taxii10/range-is-not-empty inclusiveEndTimestamp"],
  // A number of seconds, as in 1.1 (XML-STS-009).
  "1.0/083-status-detail-and-message.xml": ["error taxii10/detail-has-prescribed-form statusDetail"],
  // Characters outside ASCII: an IRI, no URI (XML-ID-007).
  "1.1/004-discovery-request-unicode-id.xml": ["error taxii11/identifier-is-uri messageId"],
  // The scope `@id/*` has something below an attribute; that there are two vocabularies is fine (QRY-INF-001).
  "1.1/023-discovery-response-query-info-two-vocabularies.xml": [
    "error default-query/scopes-fit-vocabulary serviceInstances[0].supportedQueries[0].content.targetingExpressionInfos[1].preferredScopes[0]",
  ],
  "1.1/024-discovery-response-query-info-two-supported.xml": [
    "error taxii11/query-formats-differ serviceInstances[0].supportedQueries[1].formatId",
  ],
  "1.1/025-discovery-response-query-info-empty.xml": [
    "error taxii11/supported-query-obeys-its-format serviceInstances[0].supportedQueries[0].content",
  ],
  "1.1/055-subscription-request-unsubscribe-no-id.xml": ["error taxii11/action-names-subscription subscriptionId"],
  "1.1/057-subscription-request-pause-no-id.xml": ["error taxii11/action-names-subscription subscriptionId"],
  "1.1/059-subscription-request-resume-no-id.xml": ["error taxii11/action-names-subscription subscriptionId"],
  // Two subscriptions are an answer to STATUS (XML-SUB-013), where parameters are required (XML-SUB-015).
  "1.1/070-subscription-response-full.xml": ["error taxii11/listed-subscriptions-have-parameters subscriptions[1].subscriptionParameters"],
  "1.1/115-query-missing-params-accepted.xml": [
    "error default-query/parameters-fit-relationship pollParameters.query.content.criteria.items[0].criterion.test.parameters",
  ],
  "1.1/123-query-empty-criteria.xml": ["error taxii11/query-obeys-its-format pollParameters.query.content"],
  "1.1/127-poll-response-more-without-result-id.xml": ["error taxii11/more-needs-result-id resultId"],
  // ESTIMATED_WAIT is 0 (XML-STS-008).
  "1.1/184-status-pending-detail-1.xml": ["error taxii11/wait-is-positive statusDetail.details[0].content"],
  // The range ends 0.4 seconds before its begin.
  "1.1/224-parsed-timestamp-z-and-short-fraction.input.xml": ["error taxii11/range-is-not-empty inclusiveEndTimestamp"],
  "1.1/224-parsed-timestamp-z-and-short-fraction.xml": ["error taxii11/range-is-not-empty inclusiveEndTimestamp"],
  // `urn:v` is no version of the services (VER-ID-006).
  "1.1/234-parsed-query-scopes-whitespace.input.xml": ["error taxii11/service-version-is-defined serviceInstances[0].serviceVersion"],
  "1.1/234-parsed-query-scopes-whitespace.xml": ["error taxii11/service-version-is-defined serviceInstances[0].serviceVersion"],
};

it.skipIf(!existsSync(root))("knows why each message is wrong", () => {
  for (const file of Object.keys(wrong)) expect(existsSync(`${root}/${file}`), file).toBe(true);
});

describe.skipIf(!existsSync(root)).each(["1.0", "1.1"])("libtaxii's messages of TAXII %s", (version) => {
  const messages = version === "1.0" ? taxii10.messages : taxii11.messages;
  const files = existsSync(root) ? readdirSync(`${root}/${version}`).filter((file) => file.endsWith(".xml")) : [];

  it.each(files)("%s", (file) => {
    const message = read(`${root}/${version}/${file}`);
    if (message === undefined) return;
    const shape = messages.find(({ name }) => name === message.$type);
    expect(shape && errors(shape, message)).toEqual(wrong[`${version}/${file}`] ?? []);
  });

  /** Messages that libtaxii made against the schema are for the tests of the reader. */
  function read(path: string): { readonly $type: string } | undefined {
    try {
      return version === "1.0" ? fromXml(taxii10.messages, readFileSync(path)) : fromXml(taxii11.messages, readFileSync(path));
    } catch (error) {
      if (error instanceof ParseError) return undefined;
      throw error;
    }
  }
});
