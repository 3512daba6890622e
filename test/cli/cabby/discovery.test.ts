/** `taxii-discovery` and `taxii-collections`. */

import { describe, expect, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { fromXml } from "../../../src/codec/xml.js";
import { create } from "../../../src/message/create.js";
import { statusMessage } from "../../../src/message/status-error.js";
import { type Answer, origin, producer, run } from "./kit.js";

const discoveryArgs = ["--discovery", `${origin}/discovery`];

/** The documents that are printed one behind the other. */
function documents(out: string, element: string): string[] {
  return out.split(new RegExp(`(?<=</(?:\\w+:)?${element}>)\n`)).filter((part) => part !== "");
}

describe("taxii-discovery", () => {
  it.each([["--discovery"], ["--path"]])("asks the service of %s and prints each instance", async (flag) => {
    const server = producer();
    const { code, out, err } = await run("taxii-discovery", [flag, `${origin}/discovery`], server);
    expect([code, err]).toEqual([0, ""]);
    expect(server.received.map(({ url, message }) => [url, message.$type])).toEqual([[`${origin}/discovery`, "taxii11.DiscoveryRequest"]]);
    expect(out.split("\n\n").map((text) => text.split("\n").slice(0, 2))).toEqual([
      ["=== Service Instance ===", "  Service Type: DISCOVERY"],
      ["=== Service Instance ===", "  Service Type: COLLECTION_MANAGEMENT"],
      ["=== Service Instance ===", "  Service Type: POLL"],
      ["=== Service Instance ===", "  Service Type: INBOX"],
      [""],
    ]);
  });

  it("asks --path where both are given", async () => {
    const server = producer();
    await run("taxii-discovery", [...discoveryArgs, "--path", `${origin}/other`], server);
    expect(server.received.map(({ url }) => url)).toEqual([`${origin}/other`]);
  });

  it.each(["1.1", "1.0"] as const)("prints XML in TAXII %s", async (version) => {
    const server = producer();
    const { code, out } = await run("taxii-discovery", [...discoveryArgs, "-x", "-t", version], server);
    expect(code).toBe(0);
    expect(server.received.map(({ headers }) => headers.get("X-TAXII-Content-Type"))).toEqual([
      `urn:taxii.mitre.org:message:xml:${version}`,
    ]);
    const shape = version === "1.0" ? taxii10.ServiceInstance : taxii11.ServiceInstance;
    const instances = documents(out, "Service_Instance").map((document) => fromXml(shape, document));
    const management = version === "1.0" ? "FEED_MANAGEMENT" : "COLLECTION_MANAGEMENT";
    expect(instances.map(({ serviceType }) => serviceType)).toEqual(["DISCOVERY", management, "POLL", "INBOX"]);
  });

  it("prints the words of TAXII 1.0", async () => {
    const { out } = await run("taxii-discovery", [...discoveryArgs, "-t", "1.0"], producer());
    expect(out).toContain("Service Type: FEED_MANAGEMENT");
    expect(out).toContain("urn:taxii.mitre.org:services:1.0");
  });

  it("tells with --verbose what it does, without the query of an address", async () => {
    const { code, err } = await run("taxii-discovery", ["--path", `${origin}/discovery?key=hush`, "-v", "--verify", "no"], producer());
    expect(code).toBe(0);
    expect(err).toBe(
      `taxii-discovery: service at ${origin}/discovery, TAXII 1.1; its certificate is not checked\n` +
        "taxii-discovery: received 4 × Service_Instance\n",
    );
  });

  it("sends credentials and header fields", async () => {
    const server = producer();
    const args = [...discoveryArgs, "--username", "ann", "--password", "", "--header", "X-Tenant:'seven'", "--header", "X-Other:1"];
    expect((await run("taxii-discovery", args, server)).code).toBe(0);
    const [{ headers } = { headers: new Headers() }] = server.received;
    expect(headers.get("authorization")).toBe(`Basic ${btoa("ann:")}`);
    expect([headers.get("x-tenant"), headers.get("x-other")]).toEqual(["seven", "1"]);
  });

  it("[HTTP-AUTH-003] refuses to send a password in clear text, unless told to", async () => {
    const server = producer();
    const args = ["--path", "http://taxii.test/discovery", "--username", "ann", "--password", "hush-hush"];
    const refused = await run("taxii-discovery", args, server);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("clear text");
    expect(refused.err).not.toContain("hush-hush");
    expect(server.received).toEqual([]);
    expect((await run("taxii-discovery", [...args, "--cleartext-auth"], server)).code).toBe(0);
  });

  it("makes what steers a terminal visible", async () => {
    const server = producer((message) =>
      message.$type === "taxii11.DiscoveryRequest"
        ? create(taxii11.DiscoveryResponse, {
            inResponseTo: message.messageId,
            serviceInstances: [
              {
                serviceType: "POLL",
                serviceVersion: "urn:taxii.mitre.org:services:1.1",
                protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
                address: `${origin}/poll`,
                messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"],
                message: "\u009b31mred",
              },
            ],
          })
        : undefined,
    );
    for (const [args, outIsTerminal, shown] of [
      [[], false, "\\u009b31mred"],
      [["-x"], true, "\\u009b31mred"],
      [["-x"], false, "\u009b31mred"],
    ] as const)
      expect((await run("taxii-discovery", [...discoveryArgs, ...args], { ...server, outIsTerminal })).out).toContain(shown);
  });
});

describe("taxii-collections", () => {
  it("asks the service of --path", async () => {
    const server = producer();
    const { code, out } = await run("taxii-collections", ["--path", `${origin}/collections`], server);
    expect(code).toBe(0);
    expect(server.received.map(({ url, message }) => [url, message.$type])).toEqual([
      [`${origin}/collections`, "taxii11.CollectionInformationRequest"],
    ]);
    expect(out).toContain("Collection Name: feed");
  });

  it.each(["1.1", "1.0"] as const)("prints XML of TAXII %s", async (version) => {
    const { code, out } = await run("taxii-collections", [...discoveryArgs, "-x", "-t", version], producer());
    expect(code).toBe(0);
    const names =
      version === "1.0"
        ? documents(out, "Feed").map((document) => fromXml(taxii10.FeedRecord, document).feedName)
        : documents(out, "Collection").map((document) => fromXml(taxii11.CollectionRecord, document).collectionName);
    expect(names).toEqual(["feed"]);
  });

  describe("without --path", () => {
    const service = (address: string, binding = "urn:taxii.mitre.org:message:xml:1.1"): taxii11.ServiceInstanceInit => ({
      serviceType: "COLLECTION_MANAGEMENT",
      serviceVersion: "urn:taxii.mitre.org:services:1.1",
      protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
      address,
      messageBindings: [binding],
    });
    const advertising =
      (addresses: readonly taxii11.ServiceInstanceInit[], others: Answer = () => undefined): Answer =>
      (message, received) =>
        message.$type === "taxii11.DiscoveryRequest"
          ? create(taxii11.DiscoveryResponse, { inResponseTo: message.messageId, serviceInstances: addresses })
          : others(message, received);

    it("asks every service that speaks the version, once", async () => {
      const services = [
        service(`${origin}/a`),
        service(`${origin}/a`),
        service("/b"),
        service(`${origin}/old`, "urn:taxii.mitre.org:message:xml:1.0"),
        service("smtp://taxii.test"),
      ];
      const server = producer(advertising(services));
      const { code, out } = await run("taxii-collections", discoveryArgs, server);
      expect(code).toBe(0);
      expect(server.received.slice(1).map(({ url }) => url)).toEqual([`${origin}/a`, `${origin}/b`]);
      expect(out.match(/Collection Name: feed/g)).toHaveLength(2);
    });

    it("goes on when one service fails, and exits as that one would", async () => {
      const server = producer(
        advertising([service(`${origin}/a`), service(`${origin}/b`)], (message, { url }) =>
          url.endsWith("/a") ? statusMessage("DENIED", { inResponseTo: message.messageId, message: "No." }) : undefined,
        ),
      );
      const { code, out, err } = await run("taxii-collections", discoveryArgs, server);
      expect([code, err]).toEqual([1, "taxii-collections: DENIED: No.\n"]);
      expect(out).toContain("Collection Name: feed");
    });

    it("says when there is no service", async () => {
      const { code, err } = await run("taxii-collections", discoveryArgs, producer(advertising([])));
      expect([code, err]).toEqual([1, "taxii-collections: the discovery service lists no service for collections that speaks TAXII 1.1\n"]);
    });

    it("gives the password to nobody whom the server names elsewhere", async () => {
      const server = producer(advertising([service("https://elsewhere.test/a")]));
      await run("taxii-collections", [...discoveryArgs, "--username", "ann", "--password", "hush"], server);
      expect(server.received.map(({ url, headers }) => [new URL(url).host, headers.has("authorization")])).toEqual([
        ["taxii.test", true],
        ["elsewhere.test", false],
      ]);
    });
  });
});
