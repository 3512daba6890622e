import { describe, expect, it } from "vitest";
import { CollectionInformationResponse, DiscoveryResponse } from "../../../generated/taxii11/index.js";
import { fromXml } from "../../../src/codec/xml.js";
import { createPeer, discovery, jsonLines, taxii } from "../run.js";

describe("taxii discovery", () => {
  it("lists services for people", async () => {
    const peer = await createPeer();
    const { code, out, err } = await peer.taxii(["discovery"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
      "DISCOVERY http://taxii.test/discovery",
      "COLLECTION_MANAGEMENT http://taxii.test/collections",
      "INBOX http://taxii.test/inbox",
      "POLL http://taxii.test/poll",
      "",
    ]);
    expect(out).toContain("  messages:    urn:taxii.mitre.org:message:xml:1.1, urn:taxii.mitre.org:message:xml:1.0\n");
  });

  it("lists them as JSON lines and as XML", async () => {
    const peer = await createPeer();
    const { out } = await peer.taxii(["discovery", "--json"]);
    expect(jsonLines(out).map((line) => line["service_type"])).toEqual(["DISCOVERY", "COLLECTION_MANAGEMENT", "INBOX", "POLL"]);
    const xml = await peer.taxii(["discovery", "--xml"]);
    expect(fromXml(DiscoveryResponse, xml.out).serviceInstances).toHaveLength(4);
    expect((await peer.taxii(["discovery", "--xml", "--json"])).code).toBe(2);
  });

  it("takes the URL as an argument, as --url and from the environment", async () => {
    const { server } = await createPeer();
    for (const args of [[discovery], ["--url", discovery], [discovery, "--url", discovery]]) {
      expect((await taxii(["discovery", ...args], { fetch: server.fetch })).code).toBe(0);
    }
    expect(await taxii(["discovery", discovery, "--url", "http://other.test/"])).toMatchObject({ code: 2 });
    const none = await taxii(["discovery"]);
    expect([none.code, none.err]).toEqual([2, "taxii discovery: no URL is given; expected one as --url, in TAXII_URL or in a profile\n"]);
  });
});

describe("taxii collections", () => {
  it("lists collections for people, as JSON lines and as XML", async () => {
    const peer = await createPeer();
    const { code, out } = await peer.taxii(["collections"]);
    expect(code).toBe(0);
    expect(out).toMatchSnapshot();
    const lines = jsonLines((await peer.taxii(["collections", "--json"])).out);
    expect(lines.map((line) => line["collection_name"])).toEqual(["closed", "feed", "set", "stix"]);
    const xml = await peer.taxii(["collections", "--xml"]);
    expect(fromXml(CollectionInformationResponse, xml.out).collections).toHaveLength(4);
  });

  it("cannot be made to steer the terminal", async () => {
    const peer = await createPeer();
    await peer.storage.putCollection({ name: "evil", description: "\u009b2J\u202e\n  available:   yes" });
    const { out } = await peer.taxii(["collections"]);
    expect(out).toContain("  description: \\u009b2J\\u202e available: yes\n");
  });

  it("says what the server says when it refuses", async () => {
    const peer = await createPeer();
    const { code, out, err } = await peer.taxii(["collections", "--address", "http://taxii.test/inbox"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^taxii collections: [A-Z_]+: /);
  });
});
