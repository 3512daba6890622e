import { expect, test } from "vitest";
import { discovery, inbox, poll } from "../../src/server/index.js";
import { createKit } from "./kit.js";

const open = (path: string, Accept?: string) =>
  new Request(`http://taxii.test${path}`, Accept === undefined ? {} : { headers: { Accept } });

test("who opens an address is told what is there and how to ask [HTTP-REQ-004] [HTTP-RSP-004]", async () => {
  const { server } = await createKit();
  const response = await server.fetch(open("/discovery?x=<b>"));
  expect([response.status, response.headers.get("Allow"), response.headers.get("Content-Type")]).toEqual([
    405,
    "POST, OPTIONS",
    "text/plain; charset=utf-8",
  ]);
  expect([...response.headers.keys()].filter((name) => name.startsWith("x-taxii"))).toEqual([]);
  const text = await response.text();
  for (const part of [
    "TAXII service: discovery",
    "TAXII 1.1: Discovery_Request",
    "X-TAXII-Services: urn:taxii.mitre.org:services:1.1",
    "--data-binary '<Discovery_Request ",
    "'http://taxii.test/discovery'",
  ])
    expect(text).toContain(part);
});

test("as a page, escaped, for who wants one", async () => {
  const services = [poll({ path: "/p'&", versions: ["1.0"], requiresAccount: true }), inbox({ path: "/p'&" })];
  const { server } = await createKit({ server: { services, publicUrl: "https://taxii.example.com" } });
  const response = await server.fetch(open("/p'&", "text/html,application/xhtml+xml;q=0.9"));
  expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("Content-Security-Policy")).toBe("default-src 'none'");
  const page = await response.text();
  expect(page).toContain("<h1>TAXII service: poll, inbox</h1>");
  expect(page).toContain("TAXII 1.0: Poll_Request, Inbox_Message");
  expect(page).toContain("https://taxii.example.com/p%27&amp;");
  expect(page).not.toMatch(/<(?!\/?(?:!doctype|html|head|meta|title|body|h1|pre))/);
});

test("a service for accounts says so", async () => {
  const { server } = await createKit({ server: { services: [discovery({ path: "/d", requiresAccount: true })] } });
  expect(await (await server.fetch(open("/d"))).text()).toContain("send credentials");
});
