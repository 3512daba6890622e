import { expect, it } from "vitest";
import { DiscoveryRequest as DiscoveryRequest10 } from "../../generated/taxii10/index.js";
import { DiscoveryRequest } from "../../generated/taxii11/index.js";
import { messageIn } from "../../src/cli/message-text.js";
import { create } from "../../src/message/create.js";

it("writes messages of both versions in each form, with a line feed at the end", () => {
  const namespaces = ["taxii_xml_binding-1.1", 'taxii_xml_binding-1"'];
  for (const [index, message] of [create(DiscoveryRequest, { messageId: "1" }), create(DiscoveryRequest10, { messageId: "1" })].entries()) {
    expect(messageIn("xml", message)).toMatch(/^<\?xml .*message_id="1".*\n$/s);
    expect(messageIn("xml", message)).toContain(namespaces[index]);
    expect(messageIn("json", message)).toBe('{"message_type":"Discovery_Request","message_id":"1","extended_headers":{}}\n');
    expect(messageIn("json", message, true).split("\n")).toHaveLength(6);
    expect(messageIn("text", message)).toBe("Message Type: Discovery_Request\nMessage ID: 1\n");
  }
});
