/** Rules about the description of services and collections. */

import { FeedInformationResponse, ServiceInstance as Instance10 } from "../../generated/taxii10/messages.js";
import { CollectionInformationResponse, ServiceInstance as Instance11 } from "../../generated/taxii11/messages.js";
import { quote } from "../codec/frames.js";
import { versionIds } from "../constants.js";
import { type Report, type Rule, rule } from "./rule.js";
import { reportRepeated } from "./rules-common.js";

interface Instance {
  readonly serviceType: string;
  readonly serviceVersion: string;
  readonly contentBindings: readonly unknown[];
}

const versions: ReadonlySet<string> = new Set([versionIds.services10, versionIds.services11]);

function checkVersion({ serviceVersion }: Instance, report: Report): void {
  if (!versions.has(serviceVersion)) report(`expected ${[...versions].join(" or ")}, found ${quote(serviceVersion)}`, "serviceVersion");
}

function checkContentBindings({ serviceType, contentBindings }: Instance, report: Report): void {
  if (serviceType !== "INBOX" && contentBindings.length > 0)
    report(`only INBOX services should list content bindings, found ${serviceType}`, "contentBindings");
}

/** Rules for the services and feeds of TAXII 1.0. */
export const serviceRules10: readonly Rule[] = [
  rule(Instance10, "taxii10/service-version-is-defined", ["XML-DSC-003", "VER-ID-006"], checkVersion),
  rule(Instance10, "taxii10/only-inbox-lists-content", "XML-DSC-005", checkContentBindings, "warning"),
  rule(FeedInformationResponse, "taxii10/feed-names-differ", "SVC-COL-003", ({ feeds }, report) => {
    reportRepeated(
      feeds.map(({ feedName }) => feedName),
      report,
      "feeds",
      "feedName",
    );
  }),
];

const evaluatesQueries: ReadonlySet<string> = new Set(["COLLECTION_MANAGEMENT", "POLL"]);

/** Rules for the services and collections of TAXII 1.1. */
export const serviceRules11: readonly Rule[] = [
  rule(Instance11, "taxii11/service-version-is-defined", ["XML-DSC-003", "VER-ID-006"], checkVersion),
  rule(Instance11, "taxii11/only-inbox-lists-content", "XML-DSC-005", checkContentBindings, "warning"),
  rule(
    Instance11,
    "taxii11/only-query-services-list-queries",
    "XML-DSC-007",
    ({ serviceType, supportedQueries }, report) => {
      if (!evaluatesQueries.has(serviceType) && supportedQueries.length > 0) {
        report(`only COLLECTION_MANAGEMENT and POLL services should list queries, found ${serviceType}`, "supportedQueries");
      }
    },
    "warning",
  ),
  rule(Instance11, "taxii11/query-formats-differ", "XML-DSC-009", ({ supportedQueries }, report) => {
    reportRepeated(
      supportedQueries.map(({ formatId }) => formatId),
      report,
      "supportedQueries",
      "formatId",
    );
  }),
  rule(CollectionInformationResponse, "taxii11/collection-names-differ", "SVC-COL-003", ({ collections }, report) => {
    reportRepeated(
      collections.map(({ collectionName }) => collectionName),
      report,
      "collections",
      "collectionName",
    );
  }),
];
