/** Status messages: which, with what in them, and in answer to what. */

import { applies, type Check, check, Ending, holds } from "../check.js";
import { discoveryRequest, document, newMessageId, pollRequest } from "../documents.js";
import type { Probe } from "../probe.js";
import { describe, expectMessage, expectStatus, expectValid, type Reply } from "../reply.js";
import { quoted } from "../texts.js";

/** An answer to a message with an element that does not belong there. */
const faulty = (probe: Probe): Promise<Reply> => probe.post(probe.url, discoveryRequest(probe.version, {}, "<Unknown/>"));

async function refused(probe: Probe, body: string): Promise<void> {
  expectStatus(await probe.post(probe.url, body), "BAD_MESSAGE");
}

const unknownCollection = (probe: Probe): Promise<Reply> =>
  probe.pollAt(probe.address("POLL"), { collection: "urn:example:contract-test" });

const withPoll = { needs: { service: "POLL" } } as const;

export const statuses: readonly Check[] = [
  check("XML-GEN-008", "SHOULD", "What is not well-formed is BAD_MESSAGE.", {}, async (probe) => {
    await refused(probe, discoveryRequest(probe.version).replace(/\/>$/, ">"));
  }),
  check("XML-GEN-008/order", "SHOULD", "Elements in the wrong order are BAD_MESSAGE.", withPoll, async (probe) => {
    const wishes = { collection: probe.anyCollection, begin: "2020-01-01T00:00:00Z", end: "2020-01-02T00:00:00Z" };
    const body = pollRequest(probe.version, wishes).replace(/(<Exclusive_Begin.*Begin_Timestamp>)(<Inclusive_End.*End_Timestamp>)/, "$2$1");
    expectStatus(await probe.post(probe.address("POLL"), body), "BAD_MESSAGE");
  }),
  check("XML-GEN-008/attribute", "SHOULD", "A message without its id is BAD_MESSAGE.", {}, async (probe) => {
    await refused(probe, discoveryRequest(probe.version).replace(/ message_id="[^"]*"/, ""));
  }),
  check("XML-GEN-008/element", "SHOULD", "An element that does not belong there is BAD_MESSAGE.", {}, async (probe) => {
    expectStatus(await faulty(probe), "BAD_MESSAGE");
  }),
  check("SVC-STAT-001", "MUST", "A Status_Message is no request.", {}, async (probe) => {
    const attributes = { in_response_to: "1", status_type: "SUCCESS" };
    expectStatus(await probe.post(probe.url, document(probe.version, "Status_Message", attributes)), "BAD_MESSAGE");
  }),
  check("XML-ID-003", "MUST", "Message ids come back as they were sent.", {}, async (probe) => {
    const odd = probe.version === "1.0" ? ["007", "0"] : ["007", "urn:EXAMPLE:Contract%2ftest%2F", "a?b=c&d#e"];
    for (const id of odd) {
      const { inResponseTo } = expectMessage(
        await probe.post(probe.url, discoveryRequest(probe.version, { message_id: id })),
        "DiscoveryResponse",
      );
      holds(inResponseTo === id, `in_response_to is ${quoted(inResponseTo)}; expected ${quoted(id)}`);
    }
  }),
  check("HTTP-ERR-002", "DECIDE", "A Status_Message names the request when its id can be read, and 0 otherwise.", {}, async (probe) => {
    const id = newMessageId();
    const named = expectStatus(await probe.post(probe.url, discoveryRequest(probe.version, { message_id: id }, "<Unknown/>")));
    holds(named.inResponseTo === id, `in_response_to is ${quoted(named.inResponseTo)}; expected ${quoted(id)}`);
    const unnamed = expectStatus(await probe.post(probe.url, "no XML"));
    holds(unnamed.inResponseTo === "0", `in_response_to is ${quoted(unnamed.inResponseTo)} for what is no XML; expected "0"`);
  }),
  check("SVC-STAT-002", "SHOULD", "Errors come with a text for people.", {}, async (probe) => {
    const reply = await faulty(probe);
    holds((expectStatus(reply).message ?? "").trim() !== "", `${describe(reply)} has no Message`);
  }),
  check("SVC-STAT-011", "MUST", "BAD_MESSAGE has no details.", {}, async (probe) => {
    const status = expectStatus(await faulty(probe), "BAD_MESSAGE");
    holds(
      (status.statusDetail?.details ?? []).length === 0,
      `there are details: ${status.statusDetail?.details.map(({ name }) => quoted(name)).join(", ")}`,
    );
  }),
  check("SVC-STAT-017", "MUST", "What does not exist is NOT_FOUND.", withPoll, async (probe) => {
    expectStatus(await unknownCollection(probe), "NOT_FOUND");
  }),
  check("SVC-STAT-022", "MUST", "UNSUPPORTED_MESSAGE lists the bindings that work.", {}, async (probe) => {
    const reply = await probe.discover(probe.url, { headers: { "X-TAXII-Accept": "urn:example:contract-test" } });
    applies(reply.message !== undefined, `there is no Status_Message: ${describe(reply)}`);
    const listedBindings = supportedBindings(reply);
    const unknown = listedBindings.filter((id) => !/\S/.test(id));
    holds(listedBindings.length > 0 && unknown.length === 0, `${describe(reply)} lists no bindings`);
  }),
  check(
    "XML-GEN-007/status",
    "MUST",
    "Status_Messages are what schema and rules say.",
    { also: ["XML-STS-001", "XML-STS-003"] },
    async (probe) => {
      const reply = await faulty(probe);
      expectStatus(reply);
      expectValid(reply);
      const { feed } = probe.survey;
      if (feed !== undefined) expectValid(await unknownCollection(probe));
    },
  ),
];

/** The bindings of an UNSUPPORTED_MESSAGE: details in TAXII 1.1, one text in TAXII 1.0. */
function supportedBindings(reply: Reply): string[] {
  const { message } = reply;
  if (message?.$type !== "taxii11.StatusMessage" || message.statusType !== "UNSUPPORTED_MESSAGE")
    throw new Ending("broken", `expected UNSUPPORTED_MESSAGE, found ${describe(reply)}`);
  return (message.statusDetail?.details ?? [])
    .filter(({ name }) => name === "SUPPORTED_BINDING")
    .map(({ content }) => ("text" in content ? content.text : content.xml));
}
