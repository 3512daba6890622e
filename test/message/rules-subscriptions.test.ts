import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import {
  SubscriptionManagementRequest,
  SubscriptionManagementResponse,
  type SubscriptionRecordInit,
} from "../../generated/taxii11/index.js";
import { type actions10, actions11, versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { findings } from "../conformance/findings.js";

const push = { protocolBinding: versionIds.https10, address: "https://inbox.example.com/", messageBinding: versionIds.xml11 };

type Parts = Partial<Pick<SubscriptionManagementRequest, "subscriptionId" | "subscriptionParameters" | "pushParameters">>;
const parameters = { responseType: "FULL", contentBindings: [] } as const;
const found = (action: (typeof actions11)[number], parts: Parts = {}, received = false): string[] =>
  findings(
    SubscriptionManagementRequest,
    { ...create(SubscriptionManagementRequest, { action, collectionName: "c" }), ...parts },
    { received },
  );

describe("a subscription request of TAXII 1.1", () => {
  const given = { ...parameters, contentBindings: [] };

  it.each(["UNSUBSCRIBE", "PAUSE", "RESUME"] as const)("[XML-SUB-001] names a subscription for %s", (action) => {
    expect(found(action)).toEqual(["error taxii11/action-names-subscription subscriptionId"]);
    expect(found(action, { subscriptionId: "s" })).toEqual([]);
  });

  it("[XML-SUB-001] may name a subscription for STATUS, and should not for SUBSCRIBE", () => {
    expect(found("STATUS")).toEqual([]);
    expect(found("STATUS", { subscriptionId: "s" })).toEqual([]);
    expect(found("SUBSCRIBE", { subscriptionParameters: given })).toEqual([]);
    expect(found("SUBSCRIBE", { subscriptionParameters: given, subscriptionId: "s" })).toEqual([
      "warning taxii11/subscribe-names-no-subscription subscriptionId",
    ]);
  });

  it.each(actions11)("[XML-SUB-005] has subscription parameters when it is to SUBSCRIBE, and only then: %s", (action) => {
    const parts: Parts = action === "SUBSCRIBE" ? {} : { subscriptionId: "s", subscriptionParameters: given };
    expect(found(action, parts)).toEqual(["error taxii11/subscription-parameters-go-with-subscribe subscriptionParameters"]);
  });

  it.each(actions11)("is taken by a receiver as if it had them where it should: %s", (action) => {
    const parts: Parts = action === "SUBSCRIBE" ? {} : { subscriptionId: "s", subscriptionParameters: given };
    expect(found(action, parts, true)).toEqual(["warning taxii11/subscription-parameters-go-with-subscribe subscriptionParameters"]);
  });

  it.each(actions11.filter((action) => action !== "SUBSCRIBE"))("[XML-SUB-008] should have no push parameters for %s", (action) => {
    expect(found(action, { subscriptionId: "s", pushParameters: push })).toEqual([
      "warning taxii11/only-subscribe-has-push-parameters pushParameters",
    ]);
    expect(found("SUBSCRIBE", { subscriptionParameters: given, pushParameters: push })).toEqual([]);
  });
});

describe("a subscription request of TAXII 1.0", () => {
  const found10 = (action: (typeof actions10)[number], parts: { subscriptionId?: string; push?: true } = {}): string[] =>
    findings(
      taxii10.SubscriptionManagementRequest,
      create(taxii10.SubscriptionManagementRequest, {
        action,
        feedName: "f",
        subscriptionId: parts.subscriptionId,
        pushParameters: parts.push && { ...push, messageBinding: versionIds.xml10, contentBindings: [] },
      }),
    );

  it("[XML-SUB-003] names a subscription for UNSUBSCRIBE, and should not otherwise", () => {
    expect(found10("UNSUBSCRIBE")).toEqual(["error taxii10/unsubscribe-names-subscription subscriptionId"]);
    expect(found10("UNSUBSCRIBE", { subscriptionId: "s" })).toEqual([]);
    expect(found10("SUBSCRIBE", { subscriptionId: "s" })).toEqual(["warning taxii10/only-unsubscribe-names-subscription subscriptionId"]);
    expect(found10("STATUS", { subscriptionId: "s" })).toEqual(["warning taxii10/only-unsubscribe-names-subscription subscriptionId"]);
  });

  it("[XML-SUB-008] should have push parameters for SUBSCRIBE only", () => {
    expect(found10("SUBSCRIBE", { push: true })).toEqual([]);
    expect(found10("STATUS", { push: true })).toEqual(["warning taxii10/only-subscribe-has-push-parameters pushParameters"]);
  });
});

describe("a subscription response of TAXII 1.1", () => {
  const foundIn = (subscriptions: SubscriptionRecordInit[]): string[] =>
    findings(
      SubscriptionManagementResponse,
      create(SubscriptionManagementResponse, { inResponseTo: "1", collectionName: "c", subscriptions }),
    );
  const full = { subscriptionId: "s", subscriptionParameters: { contentBindings: [] } };

  it("[XML-SUB-014] has UNSUBSCRIBED only where it can be the answer to UNSUBSCRIBE", () => {
    expect(foundIn([{ subscriptionId: "s", status: "UNSUBSCRIBED" }])).toEqual([]);
    expect(foundIn([full, { ...full, status: "UNSUBSCRIBED" }])).toEqual([
      "error taxii11/unsubscribed-stands-alone subscriptions[1].status",
    ]);
    expect(foundIn([full, { ...full, status: "PAUSED" }])).toEqual([]);
  });

  it("[XML-SUB-015] has subscription parameters where it is sure to answer STATUS", () => {
    expect(foundIn([])).toEqual([]);
    expect(foundIn([{ subscriptionId: "s" }])).toEqual([]);
    expect(foundIn([full, { subscriptionId: "t" }])).toEqual([
      "error taxii11/listed-subscriptions-have-parameters subscriptions[1].subscriptionParameters",
    ]);
  });
});
