/** What docs/from-cabby.md names is there. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { cabbyCommands } from "../../../src/cli/cabby/index.js";
import * as client from "../../../src/client/node/index.js";
import * as taxii from "../../../src/index.js";
import { testEnvironment } from "../environment.js";

const text = readFileSync(fileURLToPath(new URL("../../../docs/from-cabby.md", import.meta.url)), "utf8");

describe("docs/from-cabby.md", () => {
  it("names each program", () => {
    for (const name of Object.keys(cabbyCommands)) expect(text).toContain(`\`${name}\``);
  });

  it("names no flag that no program has", () => {
    const flags = new Set(Object.values(cabbyCommands).flatMap((make) => make(testEnvironment()).options.map(({ long }) => long)));
    const named = new Set([...text.matchAll(/`(--[a-z][a-z-]*)/g)].map(([, flag]) => flag));
    // The one that shows how flags are cut short, and the one that every program has.
    const others = [...named].filter((flag) => !flags.has(flag) && flag !== "--coll" && flag !== "--help");
    expect(others).toEqual([]);
    expect(named.size).toBeGreaterThan(20);
  });

  it("names no function, class or constant that is not exported", () => {
    const exported = new Set([...Object.keys(taxii), ...Object.keys(client), ...Object.keys(taxii11)]);
    const wanted = [
      ...["createClient", "basic", "bearer", "header", "jwtLogin", "requestFor", "messageFromResponse", "toVersion11", "contentBytes"],
      ...["TaxiiError", "StatusError", "TransportError", "ParseError", "PushError", "NotInVersion10Error"],
      ...["contentBindings", "versionIds", "namespaces", "protocols", "serviceTypes10", "serviceTypes11", "messageTypes11"],
      ...["CollectionRecord", "ContentBindingId", "ContentInstance", "ServiceContactInfo", "InboxServiceBindings", "PushParameter"],
      ...["PushMethod", "ServiceInstance", "ContentBlock", "RecordCount", "SubscriptionRecord", "SubscriptionParameters"],
    ];
    expect(wanted.filter((name) => !exported.has(name))).toEqual([]);
    expect(wanted.filter((name) => !text.includes(name))).toEqual([]);
  });

  it("names the methods of a client", () => {
    const made: object = client.createClient("http://127.0.0.1/");
    for (const name of [
      "discover",
      "collections",
      "subscribe",
      "subscriptions",
      "pause",
      "resume",
      "unsubscribe",
      "push",
      "poll",
      "count",
      "fulfil",
    ]) {
      expect(text).toMatch(new RegExp(`\`${name}[\`(]|client\\.${name}\\(`));
      expect(Reflect.get(made, name)).toBeTypeOf("function");
    }
  });
});
