/** Media types, as asked for and as sent; header fields whose absence tells that there is no TAXII. */

import { expect, test } from "vitest";
import { DiscoveryRequest } from "../../generated/taxii11/index.js";
import { toXml } from "../../src/codec/xml.js";
import { create } from "../../src/message/create.js";
import { createKit } from "./kit.js";

const request = toXml(DiscoveryRequest, create(DiscoveryRequest, {}));

test.each([
  "*/*",
  "application/*",
  "text/xml",
  "application/soap+xml, */*;q=0.1",
  "application/xml;q=0.5, application/json;q=0.1",
  "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
  undefined,
])("Accept: %s is answered in XML of the type application/xml [HTTP-ACC-005] [HTTP-CT-001] [HTTP-CT-002]", async (accept) => {
  const { post } = await createKit();
  const response = await post("/discovery", request, { Accept: accept });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^application\/xml(;|$)/);
});

test.each(["application/json", "text/html", "application/xml;q=0", "*/*;q=0"])(
  "Accept: %s is answered with 406 [HTTP-ACC-005]",
  async (accept) => {
    const { post } = await createKit();
    expect((await post("/discovery", request, { Accept: accept })).status).toBe(406);
  },
);

test.each(["X-TAXII-Protocol", "X-TAXII-Services"])(
  "without %s and without a message in the body there is no TAXII, and the answer is plain HTTP [HTTP-XP-003] [HTTP-XS-003]",
  async (name) => {
    const { post } = await createKit();
    const response = await post("/discovery", "<html/>", { [name]: undefined, "X-TAXII-Content-Type": undefined });
    expect(response.status).toBe(400);
    const message = await post("/discovery", request, { [name]: undefined });
    expect(message.status).toBe(200);
    expect(await message.text()).toContain("BAD_MESSAGE");
  },
);
