/** What may be pushed, and where to. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protocols, versionIds } from "../../src/constants.js";
import { addressGuard, addressPattern, type PushPolicyOptions, pushPolicy } from "../../src/delivery/index.js";
import { StatusError } from "../../src/message/status-error.js";

const { xml11, xml10 } = versionIds;

/** What a policy answers to an address: `ok`, or a status. */
function judge(address: string, options: Partial<PushPolicyOptions> = {}, binding: { protocol?: string; message?: string } = {}): string {
  const policy = pushPolicy({ allow: ["*"], allowHttp: true, ...options });
  const protocolBinding = binding.protocol ?? (address.trim().toLowerCase().startsWith("http:") ? protocols.http : protocols.https);
  try {
    void policy.check({ address, protocolBinding, messageBinding: binding.message ?? xml11 }, undefined);
    return "ok";
  } catch (error) {
    if (error instanceof StatusError) return error.code;
    throw error;
  }
}

describe("the guard of IP addresses", () => {
  const refused = [
    ["unspecified", "0.0.0.0", "0.1.2.3", "::"],
    ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    ["carrier-grade NAT", "100.64.0.1", "100.127.255.255"],
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["link-local", "169.254.169.254", "fe80::1", "febf::1", "fe80::1%eth0"],
    ["multicast and reserved", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "ff02::1"],
    [
      "protocols, documentation, benchmarks",
      "192.0.0.8",
      "192.0.2.1",
      "198.18.0.1",
      "198.51.100.1",
      "203.0.113.1",
      "2001:db8::1",
      "3fff::1",
    ],
    ["unique local and site-local", "fc00::1", "fd12:3456::1", "fec0::1"],
    ["mapped, compatible and translated", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1"],
    ["NAT64, Teredo and 6to4", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001::1", "2002:7f00:1::", "192.88.99.1"],
    ["what is no address", "", "localhost", "127.1", "0x7f000001", "1.2.3.4.5"],
  ] as const;
  it.each(refused)("[SEC-PUSH-001] refuses what is not public: %s", (...row) => {
    const addresses = row.slice(1).map(String);
    const guard = addressGuard();
    expect(addresses.filter((address) => guard(address))).toEqual([]);
  });

  it("takes public addresses", () => {
    const guard = addressGuard();
    const addresses = [
      "8.8.8.8",
      "100.63.255.255",
      "100.128.0.0",
      "172.15.0.1",
      "172.32.0.1",
      "223.255.255.255",
      "2606:4700::1111",
      "2a00::1",
    ];
    expect(addresses.filter((address) => !guard(address))).toEqual([]);
  });

  it("[SEC-PUSH-001] refuses each private address in its mapped form as well", () => {
    const guard = addressGuard();
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        if (!guard(address)) expect(guard(`::ffff:${address}`)).toBe(false);
      }),
    );
  });

  it("takes the networks that an operator allows, and nothing beside them", () => {
    const guard = addressGuard(["10.1.0.0/16", "127.0.0.1", "fd00::/8"]);
    expect(["10.1.255.255", "127.0.0.1", "::ffff:10.1.0.1", "fdff::1"].map(guard)).toEqual([true, true, true, true]);
    expect(["10.2.0.0", "127.0.0.2", "::ffff:10.2.0.1", "fc00::1", "::1"].map(guard)).toEqual([false, false, false, false, false]);
  });

  it.each(["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0/8", "localhost", "", "fe80::1%eth0", "10.0.0.0/-1"])(
    "refuses the network %j with what was expected",
    (network) => {
      expect(() => addressGuard([network])).toThrow(/expected an IP address or a network such as/);
    },
  );
});

describe("a pattern of addresses", () => {
  it.each([
    [
      "https://a.example/in",
      ["https://a.example/in", "https://a.example/in/x?y", "https://A.EXAMPLE:443/in"],
      [
        "https://a.example/inbox",
        "https://a.example/",
        "https://a.example:8443/in",
        "http://a.example/in",
        "https://a.example/in/../x",
        "https://a.example/in/..%2fx",
        "https://a.example/in%2f",
      ],
    ],
    ["https://a.example", ["https://a.example", "https://a.example/any"], ["https://b.a.example", "https://a.example.evil.example"]],
    ["http://a.example:8080/", ["http://a.example:8080/x"], ["https://a.example:8080/x", "http://a.example/x"]],
    [
      "a.example",
      ["https://a.example/x", "http://a.example/x"],
      ["https://a.example:8443/x", "https://b.a.example/x", "https://a.example.evil.example/"],
    ],
    ["a.example:8443", ["https://a.example:8443/"], ["https://a.example/"]],
    ["a.example:443", ["https://a.example/"], ["http://a.example/"]],
    ["*.a.example", ["https://b.a.example", "https://c.b.a.example"], ["https://a.example", "https://ba.example", "https://xa.example"]],
    ["*", ["https://a.example", "https://8.8.8.8"], ["https://a.example:22"]],
    ["bücher.example", ["https://xn--bcher-kva.example/", "https://BÜCHER.example/"], ["https://bucher.example"]],
    ["[2606:4700::1111]", ["https://[2606:4700:0::1111]/"], ["https://[2606:4700::1112]/"]],
  ] as const)("%s", (text, meant, others) => {
    const pattern = addressPattern(text);
    expect(meant.filter((url) => !pattern.matches(new URL(url)))).toEqual([]);
    expect(others.filter((url) => pattern.matches(new URL(url)))).toEqual([]);
  });

  it.each([
    "",
    "a b",
    "*.",
    "a.*.example",
    "ftp://a.example",
    "https://*.example.com/",
    "https://a.example/?q=1",
    "https://a.example/#f",
    "a.example/path",
    "a.example.",
    "user@a.example",
    "**",
  ])("refuses %j", (text) => {
    expect(() => addressPattern(text)).toThrow(/^expected /);
  });

  it("does not repeat a password", () => {
    expect(() => addressPattern("https://me:secret@a.example/")).toThrow(/^(?!.*secret)expected/s);
  });
});

describe("the policy", () => {
  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://2130706433/",
    "http://127.0.0.1./",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://0/",
    "http://169.254.169.254/latest/meta-data/",
    "http:\\\\10.0.0.1\\",
    "\thttp://10.0.0.1/\n",
    "http://10.0.0.1%2f@8.8.8.8/",
    "https://8.8.8.8@10.0.0.1/",
    "http://user:password@a.example/",
    "http://user@a.example/",
    "http://a.example./",
    "http://a.example:22/",
    "http://a.example:6379/",
    "https:/",
    "https://",
    `https://a.example/${"x".repeat(2048)}`,
  ])("[SEC-PUSH-001] [SVC-SUB-026] denies %s at once, whatever the list says", (address) => {
    expect(judge(address)).toBe("DENIED");
  });

  it("takes what is on the list, and denies everything else [SEC-PUSH-002]", () => {
    const allow = ["https://inbox.example/taxii", "*.members.example"];
    expect(judge("https://inbox.example/taxii/in?key=1", { allow })).toBe("ok");
    expect(judge("https://one.members.example/in", { allow })).toBe("ok");
    expect(judge("https://inbox.example/other", { allow })).toBe("DENIED");
    expect(judge("https://members.example/in", { allow })).toBe("DENIED");
    expect(judge("https://victim.example/in", { allow })).toBe("DENIED");
  });

  it("denies an address whose scheme is not that of the protocol binding", () => {
    expect(judge("http://a.example/", {}, { protocol: protocols.https })).toBe("DENIED");
    expect(judge("https://a.example/", {}, { protocol: protocols.http })).toBe("DENIED");
    expect(judge("ftp://a.example/", {}, { protocol: protocols.https })).toBe("DENIED");
  });

  it("takes other ports where they are given", () => {
    expect(judge("https://a.example:8443/", { ports: [8443] })).toBe("ok");
    expect(judge("https://a.example:8443/", { allow: ["a.example:8443"] })).toBe("ok");
    expect(judge("https://a.example:8444/", { allow: ["a.example:8443"], ports: [8445] })).toBe("DENIED");
  });

  it("[SVC-SUB-026] names what is supported when a binding is not", () => {
    const policy = pushPolicy({ allow: ["*"] });
    const refusal = (protocolBinding: string, messageBinding: string) => {
      try {
        void policy.check({ address: "https://a.example/", protocolBinding, messageBinding }, undefined);
      } catch (error) {
        if (error instanceof StatusError) return [error.code, error.details("SUPPORTED_PROTOCOL"), error.details("SUPPORTED_BINDING")];
      }
      return undefined;
    };
    expect(refusal(protocols.http, xml11)).toEqual(["UNSUPPORTED_PROTOCOL", [protocols.https], []]);
    expect(refusal("urn:other", "urn:other")).toEqual(["UNSUPPORTED_PROTOCOL", [protocols.https], []]);
    expect(refusal(protocols.https, "urn:other")).toEqual(["UNSUPPORTED_MESSAGE", [], [xml11, xml10]]);
    expect(refusal(protocols.https, xml11)).toBeUndefined();
  });

  it("pushes nothing with an empty list, and says so", () => {
    expect(pushPolicy({ allow: [] })).toMatchObject({ protocolBindings: [], messageBindings: [] });
    expect(judge("https://a.example/", { allow: [] })).toBe("UNSUPPORTED_PROTOCOL");
  });

  it("refuses options that cannot be meant", () => {
    expect(() => pushPolicy({ allow: ["http://a.example/"] })).toThrow(/plain http; set allowHttp/);
    expect(() => pushPolicy({ allow: ["*"], ports: [0] })).toThrow(/expected ports from 1 to 65535, found 0/);
    expect(() => pushPolicy({ allow: ["*"], messageBindings: ["urn:x"] })).toThrow(/expected message bindings of XML, found "urn:x"/);
  });

  it("does not repeat a password or the query of an address", () => {
    const policy = pushPolicy({ allow: ["*"] });
    const target = { address: "https://me:secret@a.example/?key=secret", protocolBinding: protocols.https, messageBinding: xml11 };
    expect(() => policy.check(target, undefined)).toThrow(/^(?!.*secret)DENIED.*credentials/s);
  });
});
