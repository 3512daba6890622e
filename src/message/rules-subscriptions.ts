/** Rules about managing subscriptions. */

import { SubscriptionManagementRequest as Request10 } from "../../generated/taxii10/messages.js";
import {
  SubscriptionManagementRequest as Request11,
  SubscriptionManagementResponse as Response11,
} from "../../generated/taxii11/messages.js";
import { type Rule, rule } from "./rule.js";

/** Rules for the subscription messages of TAXII 1.0. */
export const subscriptionRules10: readonly Rule[] = [
  rule(Request10, "taxii10/unsubscribe-names-subscription", "XML-SUB-003", ({ action, subscriptionId }, report) => {
    if (action === "UNSUBSCRIBE" && subscriptionId === undefined)
      report("UNSUBSCRIBE needs the identifier of a subscription", "subscriptionId");
  }),
  rule(
    Request10,
    "taxii10/only-unsubscribe-names-subscription",
    "XML-SUB-003",
    ({ action, subscriptionId }, report) => {
      if (action !== "UNSUBSCRIBE" && subscriptionId !== undefined) report(`${action} should not name a subscription`, "subscriptionId");
    },
    "warning",
  ),
  rule(
    Request10,
    "taxii10/only-subscribe-has-push-parameters",
    "XML-SUB-008",
    ({ action, pushParameters }, report) => {
      if (action !== "SUBSCRIBE" && pushParameters !== undefined) report(`${action} should not have push parameters`, "pushParameters");
    },
    "warning",
  ),
];

const namesSubscription: ReadonlySet<string> = new Set(["UNSUBSCRIBE", "PAUSE", "RESUME"]);

const requestRules11: readonly Rule[] = [
  rule(Request11, "taxii11/action-names-subscription", "XML-SUB-001", ({ action, subscriptionId }, report) => {
    if (namesSubscription.has(action) && subscriptionId === undefined)
      report(`${action} needs the identifier of a subscription`, "subscriptionId");
  }),
  rule(
    Request11,
    "taxii11/subscribe-names-no-subscription",
    "XML-SUB-001",
    ({ action, subscriptionId }, report) => {
      if (action === "SUBSCRIBE" && subscriptionId !== undefined) report("SUBSCRIBE should not name a subscription", "subscriptionId");
    },
    "warning",
  ),
  // Receivers take the defaults where the parameters are missing (XML-SUB-007), and ignore them elsewhere (XML-SUB-006).
  rule(
    Request11,
    "taxii11/subscription-parameters-go-with-subscribe",
    ["XML-SUB-005", "XML-SUB-006", "XML-SUB-007"],
    ({ action, subscriptionParameters }, report) => {
      if (action === "SUBSCRIBE" && subscriptionParameters === undefined)
        report("SUBSCRIBE needs subscription parameters", "subscriptionParameters");
      if (action !== "SUBSCRIBE" && subscriptionParameters !== undefined)
        report(`${action} cannot have subscription parameters`, "subscriptionParameters");
    },
    "tolerated",
  ),
  rule(
    Request11,
    "taxii11/only-subscribe-has-push-parameters",
    "XML-SUB-008",
    ({ action, pushParameters }, report) => {
      if (action !== "SUBSCRIBE" && pushParameters !== undefined) report(`${action} should not have push parameters`, "pushParameters");
    },
    "warning",
  ),
];

// Only the answer to STATUS has several subscriptions or none (XML-SUB-013), so what they have to be like is known then.
const responseRules11: readonly Rule[] = [
  rule(
    Response11,
    "taxii11/unsubscribed-stands-alone",
    ["XML-SUB-013", "XML-SUB-014"],
    ({ subscriptions }, report) => {
      if (subscriptions.length < 2) return;
      for (const [index, { status }] of subscriptions.entries()) {
        if (status === "UNSUBSCRIBED")
          report("UNSUBSCRIBED only answers UNSUBSCRIBE, with one subscription", "subscriptions", index, "status");
      }
    },
    "tolerated",
  ),
  rule(
    Response11,
    "taxii11/listed-subscriptions-have-parameters",
    ["XML-SUB-013", "XML-SUB-015"],
    ({ subscriptions }, report) => {
      if (subscriptions.length < 2) return;
      for (const [index, { subscriptionParameters }] of subscriptions.entries()) {
        if (subscriptionParameters === undefined)
          report("the answer to STATUS needs subscription parameters", "subscriptions", index, "subscriptionParameters");
      }
    },
    "tolerated",
  ),
];

/** Rules for the subscription messages of TAXII 1.1. */
export const subscriptionRules11: readonly Rule[] = [...requestRules11, ...responseRules11];
