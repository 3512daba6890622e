/** Collection information, and feed information. */

import { applies, type Check, check, holds } from "../check.js";
import { informationRequest } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { describe, expectMessage, expectValid, statusTypeOf } from "../reply.js";

const needs = { needs: { service: "COLLECTION_MANAGEMENT" } } as const;

const inform = (probe: Probe) => probe.inform(probe.address("COLLECTION_MANAGEMENT"));

export const collectionInformation: readonly Check[] = [
  check("SVC-COL-001", "MUST", "A request for the collections is answered with them, and never with SUCCESS.", needs, async (probe) => {
    const reply = await inform(probe);
    holds(statusTypeOf(reply) !== "SUCCESS", describe(reply));
    expectMessage(reply, "CollectionInformationResponse");
  }),
  check("SVC-COL-003", "MUST", "Names of collections are unique.", needs, async (probe) => {
    const names = expectMessage(await inform(probe), "CollectionInformationResponse").collections.map(
      ({ collectionName }) => collectionName,
    );
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    holds(twice.length === 0, `these occur twice: ${listed(twice)}`);
  }),
  check(
    "XML-GEN-007/collections",
    "MUST",
    "The list of collections is what schema and rules say.",
    { ...needs, also: ["XML-COL-001", "XML-COL-002", "XML-COL-003"] },
    async (probe) => {
      expectValid(await inform(probe));
    },
  ),
  check(
    "SVC-COL-001/pollable",
    "MUST",
    "Every collection that is listed with a poll service can be polled there.",
    needs,
    async (probe) => {
      const listing = probe.survey.collections.filter(
        ({ pollingServices, available }) => pollingServices.length > 0 && available !== false,
      );
      applies(listing.length > 0, "no collection is listed with a poll service");
      for (const { collectionName, pollingServices } of listing.slice(0, 5)) {
        const [service] = pollingServices;
        const reply = await probe.pollAt(service?.address ?? "", { collection: collectionName, end: "1970-01-01T00:00:01Z" });
        holds(statusTypeOf(reply) !== "NOT_FOUND", `${collectionName}: ${describe(reply)}`);
      }
    },
  ),
  check(
    "SVC-STAT-004/collections",
    "MUST",
    "A faulty request for the collections is not a success.",
    { ...needs, also: ["SVC-STAT-011"] },
    async (probe) => {
      const address = probe.address("COLLECTION_MANAGEMENT");
      const reply = await probe.post(address, informationRequest(probe.version).replace("/>", "><Unknown/></").concat(elementEnd(probe)));
      holds(statusTypeOf(reply) === "BAD_MESSAGE", `expected BAD_MESSAGE, found ${describe(reply)}`);
    },
  ),
];

function elementEnd({ version }: Probe): string {
  return version === "1.0" ? "Feed_Information_Request>" : "Collection_Information_Request>";
}
