/** All rules for messages of TAXII 1.1. */

import {
  ContentBlock,
  ContentInstance,
  InboxMessage,
  messages,
  PollFulfillment,
  PollParameters,
  PollRequest,
  PollResponse,
  type RecordCount,
  SourceSubscription,
} from "../../generated/taxii11/messages.js";
import { type Report, type Rule, rule } from "./rule.js";
import { commonRules, reportEmptyRange } from "./rules-common.js";
import { blockRules11 } from "./rules-content.js";
import { serviceRules11 } from "./rules-services.js";
import { statusRules11 } from "./rules-status.js";
import { subscriptionRules11 } from "./rules-subscriptions.js";

interface Range {
  readonly exclusiveBeginTimestamp?: string | undefined;
  readonly inclusiveEndTimestamp?: string | undefined;
}

/** A data feed states the end of its range, a data set neither end: there is no range without end. */
function checkRangeHasEnd({ exclusiveBeginTimestamp, inclusiveEndTimestamp }: Range, report: Report): void {
  if (exclusiveBeginTimestamp !== undefined && inclusiveEndTimestamp === undefined) {
    report("the range has a begin and no end; expected both for a data feed, neither for a data set", "inclusiveEndTimestamp");
  }
}

interface Counted {
  readonly recordCount?: RecordCount | undefined;
  readonly contentBlocks: readonly unknown[];
}

/** The count is of all records of the result, of which the blocks of a message are a part. */
function checkCount({ recordCount, contentBlocks }: Counted, report: Report): void {
  if (recordCount !== undefined && recordCount.value < contentBlocks.length) {
    report(`expected at least the number of content blocks, ${contentBlocks.length}, found ${recordCount.value}`, "recordCount", "value");
  }
}

const pollRules: readonly Rule[] = [
  // Bounds mean nothing for a data set, which the receiver knows and the message does not tell (XML-PRQ-003).
  rule(
    PollRequest,
    "taxii11/range-is-not-empty",
    "XML-PRQ-002",
    ({ exclusiveBeginTimestamp, inclusiveEndTimestamp }, report) => {
      reportEmptyRange(exclusiveBeginTimestamp, inclusiveEndTimestamp, report, "inclusiveEndTimestamp");
    },
    "tolerated",
  ),
  // A receiver looks at them only once it has decided to answer later (SVC-PUSH-002).
  rule(
    PollParameters,
    "taxii11/delivery-needs-asynch",
    "XML-PRQ-005",
    ({ allowAsynch, deliveryParameters }, report) => {
      if (deliveryParameters !== undefined && !allowAsynch)
        report("there can be delivery parameters only if allow_asynch is true", "deliveryParameters");
    },
    "tolerated",
  ),
  rule(PollResponse, "taxii11/more-needs-result-id", "XML-PRS-002", ({ more, resultId }, report) => {
    if (more && resultId === undefined) report("more parts need a result id to ask for them", "resultId");
  }),
  rule(PollResponse, "taxii11/range-has-end", "XML-PRS-003", checkRangeHasEnd),
  rule(PollResponse, "taxii11/count-covers-blocks", "XML-PRS-008", checkCount),
  rule(
    PollResponse,
    "taxii11/response-has-count",
    "XML-PRS-009",
    ({ recordCount }, report) => {
      if (recordCount === undefined) report("a poll response should tell the number of records", "recordCount");
    },
    "warning",
  ),
  // A receiver takes a missing number for 1 (XML-FUL-002).
  rule(
    PollFulfillment,
    "taxii11/fulfillment-names-part",
    ["XML-FUL-001", "XML-FUL-002"],
    ({ resultPartNumber }, report) => {
      if (resultPartNumber === undefined) report("expected the number of a part", "resultPartNumber");
    },
    "tolerated",
  ),
];

const inboxRules: readonly Rule[] = [
  rule(InboxMessage, "taxii11/count-covers-blocks", "XML-INB-005", checkCount),
  rule(SourceSubscription, "taxii11/source-range-has-end", "XML-INB-002", checkRangeHasEnd),
];

/** The rules for TAXII 1.1; those about query bodies are in rules-query. */
export const rules11: readonly Rule[] = [
  ...commonRules("taxii11", messages),
  ...statusRules11,
  ...serviceRules11,
  ...subscriptionRules11,
  ...pollRules,
  ...inboxRules,
  ...blockRules11("taxii11", ContentBlock, ContentInstance),
];
