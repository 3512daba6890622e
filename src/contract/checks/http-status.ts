/** Methods and HTTP statuses. */

import { type Check, check, holds } from "../check.js";
import { discoveryRequest, informationRequest } from "../documents.js";
import type { Probe } from "../probe.js";
import { describe, expectStatus, type Reply } from "../reply.js";
import { quoted } from "../texts.js";

const once = { once: true } as const;

/** Requests that are wrong in many ways, and what comes back. */
async function manyFaults(probe: Probe): Promise<readonly Reply[]> {
  const { url, version } = probe;
  return [
    await probe.discover(url),
    await probe.post(url, "no XML"),
    await probe.post(url, ""),
    await probe.post(url, discoveryRequest(version, {}, "<Unknown/>")),
    await probe.post(url, informationRequest(version).replaceAll("Information", "Unknown")),
    await probe.discover(url, { headers: { "X-TAXII-Services": undefined } }),
    await probe.discover(url, { headers: { "X-TAXII-Content-Type": "urn:example:contract-test" } }),
    await probe.discover(url, { headers: { Accept: "application/json" } }),
    await probe.post(url, undefined, { method: "GET" }),
  ];
}

export const httpStatus: readonly Check[] = [
  check("HTTP-GEN-008", "DECIDE", "OPTIONS tells the methods, without TAXII header fields.", once, async (probe) => {
    const { status, headers } = await probe.post(probe.url, undefined, { method: "OPTIONS" });
    holds(status === 200 || status === 204, `OPTIONS is answered with HTTP ${status}; expected 200 or 204`);
    holds(/\bPOST\b/.test(headers.get("Allow") ?? ""), `Allow is ${quoted(headers.get("Allow") ?? "")}; expected POST in it`);
    const taxii = [...headers.keys()].filter((name) => name.startsWith("x-taxii-"));
    holds(taxii.length === 0, `the reply to OPTIONS has ${taxii.map(quoted).join(", ")}`);
  }),
  check("HTTP-REQ-004", "DECIDE", "Methods other than POST are answered with HTTP 405 and Allow.", once, async (probe) => {
    const { status, headers } = await probe.post(probe.url, undefined, { method: "PUT" });
    holds(status === 405, `PUT is answered with HTTP ${status}; expected 405`);
    holds(/\bPOST\b/.test(headers.get("Allow") ?? ""), `Allow is ${quoted(headers.get("Allow") ?? "")}; expected POST in it`);
  }),
  check("HTTP-ACC-006", "DECIDE", "Accept without XML is answered with HTTP 406.", once, async (probe) => {
    const { status } = await probe.discover(probe.url, { headers: { Accept: "application/pdf" } });
    holds(status === 406, `the answer is HTTP ${status}; expected 406`);
  }),
  check("HTTP-RSP-001", "MUST", "Every reply with HTTP 200 is a TAXII message, also to faulty requests.", {}, async (probe) => {
    const replies = (await manyFaults(probe)).slice(0, -1);
    const bare = replies.find(({ status, message }) => status === 200 && message === undefined);
    if (bare !== undefined) holds(false, describe(bare));
  }),
  check("HTTP-RSP-003", "SHOULD", "Failures are a Status_Message with HTTP 200 where that is feasible.", {}, async (probe) => {
    const reply = await probe.post(probe.url, discoveryRequest(probe.version, {}, "<Unknown/>"));
    expectStatus(reply);
    holds(reply.status === 200, `${describe(reply)}; expected HTTP 200`);
  }),
  check("HTTP-RSP-004", "MAY", "Where no service is, the answer is no success.", once, async (probe) => {
    const address = new URL("contract-test-no-such-service", `${probe.url.replace(/[^/]*$/, "")}`);
    const reply = await probe.discover(address.href);
    if (reply.status === 200) expectStatus(reply);
  }),
  check("HTTP-AUTH-006", "SHOULD", "There is a discovery service at /taxii-discovery-service/.", once, async (probe) => {
    const reply = await probe.discover(new URL("/taxii-discovery-service/", probe.url).href);
    holds(reply.message?.$type === "taxii11.DiscoveryResponse", `found ${describe(reply)}`);
  }),
];
