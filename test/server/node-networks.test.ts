import { expect, test } from "vitest";
import { blockList, parseNetwork } from "../../src/server/node/networks.js";

test.each([
  ["10.0.0.0/8", ["10.0.0.0", 8]],
  ["192.0.2.7", ["192.0.2.7", 32]],
  ["fd00::/8", ["fd00::", 8]],
  ["::1", ["::1", 128]],
  ["0.0.0.0/0", ["0.0.0.0", 0]],
])("%s is a network", (text, network) => {
  expect(parseNetwork(text)).toEqual(network);
});

test.each([
  "",
  "localhost",
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/8/9",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "10.0.0.0/8 ",
  "fe80::1%eth0",
  "10.0.0/8",
])("%j is none", (text) => {
  expect(parseNetwork(text)).toBeUndefined();
});

test("an address lies in any network of a list, or in none", () => {
  const list = blockList([
    ["10.0.0.0", 8],
    ["fd00::", 8],
  ]);
  expect([list.check("10.1.2.3"), list.check("11.0.0.1"), list.check("fd12::1", "ipv6"), list.check("fe00::1", "ipv6")]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
