import { expect, test } from "vitest";
import { DiscoveryResponse, ServiceInstance } from "../../generated/taxii11/index.js";
import { keepWritten } from "../../src/codec/kept.js";
import { create, toXml } from "../../src/index.js";

const init = {
  serviceType: "POLL" as const,
  serviceVersion: "urn:taxii.mitre.org:services:1.1",
  protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
  address: "http://example.com/a&b",
  messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"],
};

test("what is kept is written as it was first, wherever it stands, and can be written alone or indented", () => {
  const plain = create(ServiceInstance, init);
  const kept = keepWritten(create(ServiceInstance, init));
  const reply = (serviceInstances: ServiceInstance[]) => create(DiscoveryResponse, { messageId: "1", inResponseTo: "2", serviceInstances });
  const expected = toXml(DiscoveryResponse, reply([plain, plain]));
  expect(toXml(DiscoveryResponse, reply([kept, kept]))).toBe(expected);
  expect(toXml(DiscoveryResponse, reply([kept, kept]))).toBe(expected);
  expect(toXml(ServiceInstance, kept)).toBe(toXml(ServiceInstance, plain));
  expect(toXml(DiscoveryResponse, reply([kept, kept]))).toBe(expected);
  expect(toXml(DiscoveryResponse, reply([kept]), { pretty: true })).toBe(toXml(DiscoveryResponse, reply([plain]), { pretty: true }));
});

test("it is frozen whole, and completed once", () => {
  const kept = keepWritten(create(ServiceInstance, init));
  expect(Object.isFrozen(kept) && Object.isFrozen(kept.messageBindings)).toBe(true);
  expect(create(DiscoveryResponse, { inResponseTo: "2", serviceInstances: [kept] }).serviceInstances[0]).toBe(kept);
});

test("what cannot be written is an error each time", () => {
  const kept = keepWritten(create(ServiceInstance, { ...init, address: "not a\u0001 URI" }));
  const reply = create(DiscoveryResponse, { messageId: "1", inResponseTo: "2", serviceInstances: [kept] });
  for (const _ of [1, 2]) expect(() => toXml(DiscoveryResponse, reply)).toThrow("address");
});
