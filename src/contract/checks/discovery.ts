/** Discovery: the service itself, and what it says of the others. */

import type { ServiceInstance } from "../../../generated/taxii11/index.js";
import { applies, type Check, check, holds } from "../check.js";
import { discoveryRequest, informationRequest, pollRequest } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { describe, expectMessage, expectValid, statusTypeOf } from "../reply.js";
import { quoted } from "../texts.js";
import { identifiers, protocolOf } from "../version.js";

function addressesOf(services: readonly ServiceInstance[]): string {
  return listed(services.map(({ address }) => address));
}

function repeated(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}

/** A request that does no harm at a service of a type, in any version. */
function harmless(type: ServiceInstance["serviceType"], probe: Probe): string {
  const { version } = probe;
  if (type === "DISCOVERY") return discoveryRequest(version);
  if (type === "COLLECTION_MANAGEMENT") return informationRequest(version);
  // To an inbox it is a message that no inbox takes, which it answers in its own version all the same.
  return pollRequest(version, { collection: "urn:example:contract-test" });
}

export const discovery: readonly Check[] = [
  check("SVC-DISC-001", "MUST", "A Discovery_Request is answered with a Discovery_Response.", {}, async (probe) => {
    const { inResponseTo } = expectMessage(await probe.discover(probe.url), "DiscoveryResponse");
    holds(inResponseTo !== "", "in_response_to is empty");
  }),
  check("SVC-DISC-002", "MUST", "Discovery never answers with SUCCESS.", { also: ["SVC-STAT-004"] }, async (probe) => {
    for (const body of [discoveryRequest(probe.version), discoveryRequest(probe.version, {}, "<Unknown/>")])
      holds(statusTypeOf(await probe.post(probe.url, body)) !== "SUCCESS", "found a Status_Message SUCCESS");
  }),
  check(
    "XML-GEN-007/discovery",
    "MUST",
    "The Discovery_Response is what schema and rules say.",
    { also: ["XML-DSC-002", "XML-DSC-003"] },
    async (probe) => {
      const reply = await probe.discover(probe.url);
      holds(reply.body.length > 0, describe(reply));
      expectValid(reply);
    },
  ),
  check("SVC-GEN-001", "MUST", "Every service that is advertised answers the message it is there for.", {}, async (probe) => {
    for (const { serviceType, address } of probe.survey.services) {
      if (serviceType === "INBOX") continue;
      const reply = await probe.post(address, harmless(serviceType, probe));
      const type = statusTypeOf(reply);
      const isTaken = reply.message !== undefined && type !== "BAD_MESSAGE" && type !== "UNSUPPORTED_MESSAGE" && type !== "FAILURE";
      holds(isTaken, `the ${serviceType} service ${quoted(address)} answers with ${describe(reply)}`);
    }
  }),
  check("SVC-DISC-005", "MUST", "Every service works with every message binding it is advertised with.", { once: true }, async (probe) => {
    for (const version of ["1.0", "1.1"] as const) {
      const listing = probe.survey.services.filter(({ messageBindings }) => messageBindings.includes(identifiers[version].message));
      if (listing.length === 0) continue;
      const session = probe.in(version);
      for (const { serviceType, address } of listing) {
        const reply = await session.post(address, harmless(serviceType, session));
        const works = reply.version === version && statusTypeOf(reply) !== "UNSUPPORTED_MESSAGE";
        holds(works, `${quoted(address)} answers TAXII ${version} with ${describe(reply)}`);
      }
    }
  }),
  check("SVC-DISC-006", "MUST", "Every service has its own record, with one address and one protocol binding.", {}, async (probe) => {
    const twice = repeated(
      probe.survey.advertised.map((service) =>
        [service.serviceType, service.protocolBinding, service.address, ...service.messageBindings].join(" "),
      ),
    );
    holds(twice.length === 0, `there are several records of ${listed(twice)}`);
  }),
  check("XML-DSC-012", "MUST", "Addresses are absolute, and fit their protocol binding.", {}, async (probe) => {
    const wrong = probe.survey.advertised.filter(
      ({ address, protocolBinding }) =>
        protocolBinding.startsWith("urn:taxii.mitre.org:protocol:http") &&
        !(URL.canParse(address) && /^https?:/i.test(address) && protocolOf(address) === protocolBinding),
    );
    holds(wrong.length === 0, `these do not: ${addressesOf(wrong)}`);
  }),
  check("XML-DSC-004", "MUST", "No record lists a message binding twice.", {}, async (probe) => {
    const wrong = probe.survey.advertised.filter(({ messageBindings }) => repeated(messageBindings).length > 0);
    holds(wrong.length === 0, `these do: ${addressesOf(wrong)}`);
  }),
  check("XML-DSC-005", "SHOULD NOT", "Only inboxes list content bindings.", {}, async (probe) => {
    const wrong = probe.survey.advertised.filter(
      ({ serviceType, contentBindings }) => serviceType !== "INBOX" && contentBindings.length > 0,
    );
    holds(wrong.length === 0, `these do, and are none: ${addressesOf(wrong)}`);
  }),
  check("XML-DSC-007", "SHOULD NOT", "Only poll and collection management services list queries.", { versions: ["1.1"] }, async (probe) => {
    const wrong = probe.survey.advertised.filter(
      ({ serviceType, supportedQueries }) =>
        serviceType !== "POLL" && serviceType !== "COLLECTION_MANAGEMENT" && supportedQueries.length > 0,
    );
    holds(wrong.length === 0, `these do, and are none: ${addressesOf(wrong)}`);
  }),
  check(
    "SVC-DISC-008",
    "MUST",
    "A poll service that lists no query format evaluates no query.",
    { versions: ["1.1"], needs: { labels: 0 } },
    async (probe) => {
      const silent = probe.survey.services.filter(({ supportedQueries }) => supportedQueries.length === 0).map(({ address }) => address);
      const polled = probe.survey.polled.find(({ address }) => silent.includes(address));
      applies(polled !== undefined, "the poll services list query formats");
      const wishes = { collection: polled.record.collectionName, query: '<Query format_id="urn:taxii.mitre.org:query:default:1.0"/>' };
      const reply = await probe.pollAt(polled.address, wishes);
      holds(reply.message?.$type !== "taxii11.PollResponse", `a poll with a query is answered with ${describe(reply)}`);
    },
  ),
  check("SVC-GEN-005", "DECIDE", "A message a service does not take is BAD_MESSAGE.", {}, async (probe) => {
    const wrong =
      probe.survey.services.find(({ serviceType, address }) => serviceType === "INBOX" && isAlone(probe, address)) ??
      probe.survey.services.find(({ serviceType, address }) => serviceType === "DISCOVERY" && isAlone(probe, address));
    applies(wrong !== undefined, "every address has several services");
    const reply = await probe.post(wrong.address, pollRequest(probe.version, { collection: probe.anyCollection }));
    holds(statusTypeOf(reply) === "BAD_MESSAGE", `a Poll_Request to the ${wrong.serviceType} service is answered with ${describe(reply)}`);
  }),
  check("XML-DSC-009", "MUST", "No record lists a query format twice.", { versions: ["1.1"] }, async (probe) => {
    const wrong = probe.survey.advertised.filter(
      ({ supportedQueries }) => repeated(supportedQueries.map(({ formatId }) => formatId)).length > 0,
    );
    holds(wrong.length === 0, `these do: ${addressesOf(wrong)}`);
  }),
];

function isAlone({ survey: { services } }: Probe, address: string): boolean {
  return services.filter((service) => service.address === address).length === 1;
}
