/** All rules for messages of TAXII 1.0. */

import { ContentBlock, InboxMessage, messages, PollRequest } from "../../generated/taxii10/messages.js";
import { type Rule, rule } from "./rule.js";
import { commonRules, reportEmptyRange } from "./rules-common.js";
import { blockRules10 } from "./rules-content.js";
import { serviceRules10 } from "./rules-services.js";
import { statusRules10 } from "./rules-status.js";
import { subscriptionRules10 } from "./rules-subscriptions.js";

const pollRules: readonly Rule[] = [
  // Bounds mean nothing for a data set, which the receiver knows and the message does not tell (XML-PRQ-003).
  rule(
    PollRequest,
    "taxii10/range-is-not-empty",
    "XML-PRQ-002",
    ({ exclusiveBeginTimestamp, inclusiveEndTimestamp }, report) => {
      reportEmptyRange(exclusiveBeginTimestamp, inclusiveEndTimestamp, report, "inclusiveEndTimestamp");
    },
    "tolerated",
  ),
  rule(InboxMessage, "taxii10/source-names-subscription", "XML-INB-003", ({ sourceSubscription }, report) => {
    if (sourceSubscription !== undefined && sourceSubscription.subscriptionId === undefined) {
      report("expected the identifier of the subscription", "sourceSubscription", "subscriptionId");
    }
  }),
];

/** The rules for TAXII 1.0. */
export const rules10: readonly Rule[] = [
  ...commonRules("taxii10", messages),
  ...statusRules10,
  ...serviceRules10,
  ...subscriptionRules10,
  ...pollRules,
  ...blockRules10("taxii10", ContentBlock),
];
