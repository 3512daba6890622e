/** Addresses out of flags. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOf } from "../../../src/cli/cabby/address.js";
import { UsageError } from "../../../src/cli/failure.js";

const address = (value: string, flags: Parameters<typeof addressOf>[2] = {}): string => addressOf("--path", value, flags);

describe("a path", () => {
  it.each([
    ["/poll", { host: "h.example" }, "http://h.example/poll"],
    ["/poll", { host: "h.example", https: true }, "https://h.example/poll"],
    ["/poll", { host: "h.example", port: 8080 }, "http://h.example:8080/poll"],
    ["/poll", { host: "h.example", port: 443, https: true }, "https://h.example/poll"],
    ["/poll?tenant=7&x", { host: "h.example" }, "http://h.example/poll?tenant=7&x"],
    ["x.example/p", { host: "h.example" }, "http://h.example/x.example/p"],
    ["", { host: "h.example" }, "http://h.example/"],
    ["?tenant=7", { host: "h.example" }, "http://h.example/?tenant=7"],
    ["/poll#part", { host: "h.example" }, "http://h.example/poll"],
    ["/a b", { host: "h.example" }, "http://h.example/a%20b"],
    ["/poll", { host: "h.example:8080" }, "http://h.example:8080/poll"],
    ["/poll", { host: "h.example:8080", port: 9000 }, "http://h.example:9000/poll"],
    ["/poll", { host: "2001:db8::1", port: 9000 }, "http://[2001:db8::1]:9000/poll"],
    ["/poll", { host: "[::1]" }, "http://[::1]/poll"],
  ])("%j with %j is %s [HTTP-GEN-006]", (value, flags, expected) => expect(address(value, flags)).toBe(expected));

  it("needs a host", () =>
    expect(() => address("/poll")).toThrow(new UsageError('--path is the path "/poll", and no host is given; expected a URL')));

  it.each(["https://h.example", "h.example/x", "user@h.example", "h example", "", "h.example?x", "::g"])(
    "needs a host that is none of %j",
    (host) => expect(() => address("/poll", { host })).toThrow("expected the name of a host"),
  );

  it("stays on the host, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        fc.pre(!/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(path));
        expect(new URL(address(path, { host: "h.example" })).host).toBe("h.example");
      }),
    );
  });
});

describe("a URL", () => {
  it.each([
    ["https://h.example/poll", {}, "https://h.example/poll"],
    ["http://h.example/poll", { https: true }, "http://h.example/poll"],
    ["https://h.example/poll", { host: "other.example" }, "https://h.example/poll"],
    ["https://h.example:8443/poll", {}, "https://h.example:8443/poll"],
    ["https://h.example:8443/poll", { port: 9443 }, "https://h.example:9443/poll"],
    ["HTTPS://H.example", {}, "https://h.example/"],
    ["//h.example/poll", { https: true }, "https://h.example/poll"],
    ["//h.example/poll", {}, "http://h.example/poll"],
    ["https://h.example/poll?x=1#y", {}, "https://h.example/poll?x=1"],
  ])("%s with %j is %s", (value, flags, expected) => expect(address(value, flags)).toBe(expected));

  it.each(["ftp://h.example/", "file:///etc/passwd", "https://", "https://h:port/", "//"])("%s is none that can be used", (value) =>
    expect(() => address(value)).toThrow("expected an http or https URL, or a path"),
  );

  it("does not show a password in errors", () => {
    expect(() => address("ftp://user:hush@h.example/")).toThrow(/^(?!.*hush).*"ftp:\/\/…@h\.example\/"/);
  });
});
