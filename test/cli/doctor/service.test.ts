/** The doctor in front of services that answer, each in its own way. */

import { describe, expect, it } from "vitest";
import { InterruptedError } from "../../../src/cli/interrupted.js";
import type { Answer, Asked } from "../../servers/peer.js";
import { minemeld } from "../../servers/peers/minemeld.js";
import { openTaxii } from "../../servers/peers/opentaxii.js";
import {
  block,
  type CollectionText,
  collectionResponse,
  discoveryResponse,
  type PollText,
  pollResponse,
  reply,
  type ServiceText,
  statusMessage,
  taxiiHeaders,
} from "../../servers/texts.js";
import { createPeer, taxii } from "../run.js";
import { examine, outcomes, words } from "./kit.js";

interface WellOptions {
  readonly services?: (url: string) => readonly ServiceText[];
  readonly collections?: readonly CollectionText[];
  readonly poll?: (asked: Asked) => string;
  readonly headers?: Readonly<Record<string, string>>;
}

const recent = new Date(Date.now() - 3_600_000).toISOString();
const stix = '<s:STIX_Package xmlns:s="http://stix.mitre.org/stix-1" version="1.1.1"/>';

function usual(url: string): readonly ServiceText[] {
  return [
    { type: "DISCOVERY", address: `${url}/discovery` },
    { type: "COLLECTION_MANAGEMENT", address: `${url}/collections` },
    { type: "POLL", address: `${url}/poll` },
    { type: "INBOX", address: `${url}/inbox` },
  ];
}

const oneBlock = (asked: Asked): string => pollResponse(asked, { blocks: [block(stix, { label: recent })] });

/** A server of TAXII 1.1 as it should be, but for what a test changes. */
function well({ services = usual, collections = [{ name: "feed" }], poll = oneBlock, headers = {} }: WellOptions = {}): Answer {
  return (asked, response, { url }) => {
    const say = (document: string): void => reply(response, document, { ...taxiiHeaders(), ...headers });
    if (asked.version === "1.0") return reply(response, statusMessage(asked, "UNSUPPORTED_MESSAGE"), taxiiHeaders("1.0"));
    if (asked.type === "Discovery_Request") return say(discoveryResponse(asked, services(url)));
    if (asked.type === "Collection_Information_Request") return say(collectionResponse(asked, collections));
    return say(poll(asked));
  };
}

describe("a server that is well", () => {
  it("is told so at each step, and asked for nothing but answers", async () => {
    const examined = await examine(well());
    expect(outcomes(examined)).toBe(
      "url ok, proxy ok, dns skipped, tcp ok, tls skipped, http ok, authentication ok, versions ok, discovery ok, addresses ok, " +
        "collections ok, poll ok, clock ok, deviations ok",
    );
    expect([examined.code, examined.err]).toEqual([0, ""]);
    expect(words(examined.step("poll"))).toContain("feed: 1 block labelled in the last day");
    expect(words(examined.step("poll"))).toContain("1 × STIX 1.1.1 as urn:stix.mitre.org:xml:1.1.1");
  });

  it("is described for people as well", async () => {
    const { taxii: run } = await createPeer();
    const { code, out, err } = await run(["doctor"]);
    expect(out.replace(/\d+ ms/g, "N ms")).toMatchSnapshot();
    expect([code, err]).toEqual([0, ""]);
  });
});

describe("HTTP", () => {
  const plain =
    (status: number, headers: Readonly<Record<string, string>> = {}, body = "no"): Answer =>
    (_asked, response) =>
      void response.writeHead(status, headers).end(body);

  it.each([
    ["404", plain(404), 1, "the path is wrong"],
    ["405", plain(405), 1, "nothing at this path takes POST"],
    ["406", plain(406), 1, "the path may be one of TAXII 2.1"],
    ["503", plain(503), 1, "out of service for now"],
    ["507", plain(507), 1, "the server has a fault"],
    [
      "a web page",
      plain(200, { "Content-Type": "text/html" }, "<html><body>Please log in</body></html>"),
      4,
      "something in between asks to log in",
    ],
    ["an empty answer", plain(200, {}, ""), 4, "something answers that is no TAXII service"],
    [
      "a redirect elsewhere",
      plain(301, { Location: "https://other.example/taxii?key=1" }),
      4,
      "use https://other.example/taxii as the URL",
    ],
    ["a redirect that can be followed", plain(308, { Location: "/taxii" }), 4, "give --follow-redirects, or use http://127.0.0.1:"],
    ["a redirect that cannot", plain(302, { Location: "/taxii" }), 4, "use http://127.0.0.1:"],
  ])("explains %s, and skips what needs a service", async (_name, answer, code, advice) => {
    const examined = await examine(answer);
    expect(examined.code).toBe(code);
    expect(examined.step("http").outcome).toBe("failed");
    expect(words(examined.step("http"))).toContain(advice);
    expect(outcomes(examined)).toContain(
      "discovery skipped, addresses skipped, collections skipped, poll skipped, clock ok, deviations ok",
    );
  });

  it("says which header fields are missing or odd, and goes on", async () => {
    const odd = well({
      headers: {
        "Content-Type": "text/xml",
        "X-TAXII-Services": "urn:taxii:1.1",
        "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:https:1.0",
      },
    });
    const examined = await examine(odd);
    expect(examined.code).toBe(0);
    expect(words(examined.step("http"))).toMatch(/Content-Type is text\/xml; expected application\/xml/);
    expect(words(examined.step("http"))).toContain('X-TAXII-Services is "urn:taxii:1.1"; expected urn:taxii.mitre.org:services:1.0 or');
    expect(words(examined.step("http"))).toContain("X-TAXII-Protocol is");
    expect(words(examined.step("http"))).toContain("--strict");
    expect(examined.step("poll").outcome).toBe("ok");
  });

  it("waits no longer than it was told", async () => {
    const examined = await examine(() => undefined, ["--timeout", "0.2"]);
    expect(examined.code).toBe(3);
    expect(words(examined.step("http"))).toContain("give it more time with --timeout");
  });
});

describe("authentication", () => {
  const guarded =
    (challenge: string | undefined, status = 401): Answer =>
    (_asked, response) =>
      void response.writeHead(status, challenge === undefined ? {} : { "WWW-Authenticate": challenge }).end("who are you?");
  const password = "correct horse battery";
  const basic = ["--username", "alice", "--password-file", "-"];

  it.each([
    ["nothing is given", [], 'Basic realm="x"', "give --username with --password-file"],
    ["the password is wrong", basic, 'Basic realm="x"', "check user name and password; some services take an API key"],
    ["a token is wanted", basic, "Bearer", "give --token-file, or --jwt-url"],
    [
      "the scheme is not known",
      basic,
      'Negotiate, NTLM, Digest realm="a, b", qop="auth"',
      "Negotiate and NTLM and Digest is not supported",
    ],
  ])("is explained when %s", async (_name, args, challenge, advice) => {
    const examined = await examine(guarded(challenge), args, { input: password });
    expect(examined.code).toBe(1);
    expect(words(examined.step("authentication"))).toContain(advice);
    expect(examined.out + examined.err).not.toContain(password);
  });

  it("is told apart from rights", async () => {
    const { step, code } = await examine(guarded(undefined, 403), basic, { input: password });
    expect(words(step("authentication"))).toContain("the account may lack the right, or the server takes allowed addresses only");
    expect(code).toBe(1);
  });

  it("is seen also in a Status Message, and what is behind it is not guessed", async () => {
    const examined = await examine(openTaxii, [], { path: "/services/discovery" });
    expect(outcomes(examined)).toContain(
      "http ok, authentication failed, versions skipped, discovery failed, addresses skipped, collections failed",
    );
    expect(examined.code).toBe(1);
  });

  it("shows no secret that the server repeats", async () => {
    const parrot: Answer = ({ headers }, response) => void response.writeHead(500).end(`no ${headers.authorization} ${password}`);
    const { out, err } = await examine(parrot, basic, { input: password });
    expect(out + err).not.toContain(password);
    expect(out + err).not.toContain(Buffer.from(`alice:${password}`).toString("base64"));
  });
});

describe("versions", () => {
  it("are tried both", async () => {
    const { step, code } = await examine(minemeld);
    expect(words(step("versions"))).toMatch(/^TAXII 1\.1 \| ok: TAXII 1\.0: /);
    expect(code).toBe(0);
  });

  it("may not be the one that was asked for", async () => {
    const { step } = await examine(well(), ["--taxii-version", "1.0"]);
    expect(words(step("versions"))).toContain("give --taxii-version 1.1, or auto");
  });

  it("may be the older one alone", async () => {
    const old: Answer = (asked, response, { url }) => {
      if (asked.version === "1.1")
        return reply(response, statusMessage({ ...asked, version: "1.0" }, "UNSUPPORTED_MESSAGE"), taxiiHeaders("1.0"));
      const services: ServiceText[] = [
        { type: "FEED_MANAGEMENT", address: `${url}/feeds` },
        { type: "POLL", address: `${url}/poll` },
      ];
      if (asked.type === "Discovery_Request") return reply(response, discoveryResponse(asked, services), taxiiHeaders("1.0"));
      if (asked.type === "Feed_Information_Request")
        return reply(response, collectionResponse(asked, [{ name: "feed" }]), taxiiHeaders("1.0"));
      const range = `<t:Inclusive_End_Timestamp>${recent}</t:Inclusive_End_Timestamp>`;
      const blocks = [block(stix, { version: "1.0", binding: "urn:stix.mitre.org:xml:1.1.1", label: recent })];
      return reply(response, pollResponse(asked, { blocks, before: range }), taxiiHeaders("1.0"));
    };
    const examined = await examine(old);
    expect(words(examined.step("versions"))).toMatch(/^TAXII 1\.0/);
    expect(examined.step("poll").outcome).toBe("ok");
    expect(examined.code).toBe(0);
  });
});

describe("advertised addresses", () => {
  const advertising = (address: (url: string) => string, args: readonly string[] = []) =>
    examine(well({ services: (url) => usual(url).map((one) => (one.type === "POLL" ? { ...one, address: address(url) } : one)) }), args, {
      input: "secret word",
    });

  it.each([
    ["0.0.0.0", (): string => "http://0.0.0.0:9000/poll", "is what the server listens on, not where it is reached > --rewrite-origin"],
    ["nobody there", (): string => "http://127.0.0.1:1/poll", "port 1 refuses: nothing listens there > check the port"],
    ["another protocol", (): string => "ftp://127.0.0.1/poll", "is no address of HTTP"],
    ["a path", (): string => "/poll", "is relative; it is taken as http://127.0.0.1:"],
  ])("%s", async (_name, address, expected) => {
    const { step } = await advertising(address);
    expect(step("addresses").outcome).toBe("warning");
    expect(words(step("addresses"))).toContain(expected);
  });

  it("of another origin get no credentials, which is said", async () => {
    const { step } = await advertising(() => "http://127.0.0.1:1/poll", ["--username", "a", "--password-file", "-"]);
    expect(words(step("addresses"))).toContain("gets no credentials > if you trust it: --auth-origin http://127.0.0.1:1");
  });

  it("that do not go with their protocol are named", async () => {
    const https = "urn:taxii.mitre.org:protocol:https:1.0";
    const { step } = await examine(well({ services: (url) => usual(url).map((one) => ({ ...one, protocol: https })) }));
    expect(words(step("addresses"))).toContain(`does not go with its protocol binding ${https}`);
  });

  it("do not matter when they are rewritten", async () => {
    const examined = await advertising((url) => `http://0.0.0.0:9/poll?${new URL(url).port}`, ["--rewrite-origin"]);
    expect(outcomes(examined)).toContain("addresses ok, collections ok, poll ok");
  });
});

describe("collections", () => {
  it("are found also by those who cannot spell", async () => {
    const { step } = await examine(well({ collections: [{ name: "Feed" }] }), ["--collection", "feed"]);
    expect(words(step("collections"))).toContain('feed is not in the list > case and spaces count: --collection "Feed"');
  });

  it("are listed up to a number", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `feed-${index}` }));
    const { step } = await examine(well({ collections: many }));
    expect(step("collections").summary).toBe("100 collections");
    expect(words(step("collections"))).toContain("and 80 more");
    expect(step("collections").notes.length).toBeLessThan(30);
  });

  it("may be none, and need not be listed to be polled", async () => {
    expect(words((await examine(well({ collections: [] }))).step("collections"))).toContain("the list is empty");
    const unlisted = well({ services: (url) => usual(url).filter(({ type }) => type === "POLL") });
    const without = await examine(unlisted);
    expect(outcomes(without)).toContain("discovery warning, addresses ok, collections warning, poll skipped");
    const named = await examine(unlisted, ["--collection", "feed"]);
    expect(outcomes(named)).toContain("collections warning, poll ok");
    expect(named.code).toBe(0);
  });

  it("that cannot be polled are counted", async () => {
    const { step } = await examine(well({ services: (url) => usual(url).filter(({ type }) => type !== "POLL") }));
    expect(words(step("discovery"))).toContain("no service is there to poll");
    expect(words(step("collections"))).toContain("1 of them cannot be polled");
    expect(words(step("poll"))).toContain("give it with --address");
  });
});

describe("polling", () => {
  const polling = async (poll: (asked: Asked) => string, args: readonly string[] = []) => examine(well({ poll }), args);
  const answering = (text: PollText) => polling((asked) => pollResponse(asked, text));

  it("that gives nothing is explained", async () => {
    const { step, code } = await answering({ blocks: [] });
    expect(words(step("poll"))).toMatch(/feed: nothing labelled in the last 30 days.*the poll works, and gives nothing.*subscription/);
    expect(code).toBe(0);
  });

  it("by count tells an empty collection from an empty window", async () => {
    const counting = (value: number) => (asked: Asked) =>
      pollResponse(asked, { before: `<t:Record_Count>${asked.body.includes("COUNT_ONLY") ? value : 0}</t:Record_Count>` });
    expect(words((await polling(counting(0))).step("poll"))).toContain("the server counts no content");
    expect(words((await polling(counting(7))).step("poll"))).toContain(
      "there is content, but none of the last 30 days > poll further back",
    );
  });

  it("looks at labels, at the range, and at what the content is", async () => {
    const before =
      "<t:Exclusive_Begin_Timestamp>2024-06-02T00:00:00Z</t:Exclusive_Begin_Timestamp>" +
      "<t:Inclusive_End_Timestamp>2024-06-01T00:00:00Z</t:Inclusive_End_Timestamp>";
    const blocks = [
      block(stix, { label: "" }),
      block(stix, { label: "2024-05-01T00:00:00", binding: "urn:stix.mitre.org:xml:1.2" }),
      block("&lt;a/&gt;", { label: recent }),
    ];
    const { step } = await answering({ blocks, before, more: true });
    const said = words(step("poll"));
    expect(said).toContain("it ends (2024-06-01T00:00:00Z) before it begins");
    expect(said).toContain("there are more parts, and no id to ask for them");
    expect(said).toContain("1 of 3 blocks have no timestamp label");
    expect(words(step("deviations"))).toMatch(/BAD_VALUE: .*zone/);
    expect(said).toContain("blocks are not what their content binding says");
    expect(said).toContain("escaped-xml");
  });

  it("takes the first blocks only", async () => {
    const blocks = Array.from({ length: 500 }, () => block(stix, { label: recent }));
    expect((await answering({ blocks })).step("poll").summary).toMatch(/^feed: the first 10 blocks/);
  });

  it.each([
    ["NOT_FOUND", "check the name of the collection", 1],
    ["FAILURE", "the server does not say why: try a narrower window", 1],
    ["POLLING_UNSUPPORTED", "see taxii subscribe", 1],
    ["BAD_MESSAGE", "some servers want a subscription", 1],
  ])("that is refused with %s is explained", async (type, advice, code) => {
    const examined = await polling((asked) => statusMessage(asked, type));
    expect(words(examined.step("poll"))).toContain(advice);
    expect(examined.code).toBe(code);
  });

  it("keeps what came whole of an answer that breaks", async () => {
    const examined = await polling((asked) => oneBlock(asked).replace(/<\/t:Poll_Response>$/, ""));
    expect(words(examined.step("poll"))).toContain("feed: 1 block");
    expect(examined.step("poll").outcome).toBe("failed");
    expect(examined.code).toBe(4);
  });

  it("speaks for a subscription, and goes where it is told", async () => {
    const { peer } = await examine(
      well(),
      ["--subscription", "urn:s", "--address", "/elsewhere", "--collection", "c"].map((arg) => arg),
      {},
    );
    expect(peer.asked.some(({ type }) => type === "Poll_Request")).toBe(false);
    const good = await examine(well(), ["--subscription", "urn:s", "--collection", "feed"]);
    expect(good.peer.asked.filter(({ type }) => type === "Poll_Request").map((asked) => asked.element("Subscription_ID"))).toContain(
      "urn:s",
    );
  });
});

describe("the end of it", () => {
  it("compares the clocks", async () => {
    const date = new Date(Date.now() - 2 * 3_600_000).toUTCString();
    const { step, code } = await examine(well({ headers: { Date: date } }));
    expect(words(step("clock"))).toContain("the server is 2 hours behind this machine");
    expect(code).toBe(0);
  });

  it("counts what was passed over, by kind", async () => {
    const swapped = (asked: Asked): string => oneBlock(asked).replace(/(<t:Content_Binding[^>]*>)(.*<\/t:Content>)/, "$2$1");
    const { step } = await examine(well({ poll: swapped, headers: { "X-TAXII-Content-Type": "" } }));
    expect(step("deviations").outcome).toBe("warning");
    expect(words(step("deviations"))).toMatch(/\d+ × MISSING_HEADER/);
    expect(words(step("deviations"))).toContain("UNEXPECTED_ELEMENT");
    const strict = await examine(well(), ["--strict"]);
    expect(strict.step("deviations").outcome).toBe("skipped");
  });

  it("lets no peer's text act on the terminal", async () => {
    const rude = well({
      poll: (asked) => statusMessage(asked, "FAILURE", { message: "\u202e\u009b2J" }),
      collections: [{ name: "a\u009bb" }],
    });
    const { out, err } = await examine(rude);
    expect(out + err).not.toMatch(/[\u009b\u202e]/);
  });

  it("comes early with Ctrl-C", async () => {
    const controller = new AbortController();
    const stopping: Answer = () => controller.abort(new InterruptedError());
    const { code, err } = await examine(stopping, [], { signal: controller.signal });
    expect(code).toBe(130);
    expect(err).toContain("interrupted");
  });
});

describe("addresses that are none", () => {
  it.each([
    ["taxii.example.com/discovery", "write the scheme as well: https://taxii.example.com/discovery"],
    ["ftp://taxii.example.com/", "ftp: is no protocol TAXII 1.x is bound to"],
    ["two words", "write it as https://host/path"],
  ])("%s", async (url, expected) => {
    const { code, out } = await taxii(["doctor", url]);
    expect(code).toBe(2);
    expect(out).toContain(expected);
    expect(out).not.toContain("geheim");
  });

  it("or hold a password", async () => {
    const { code, out, err } = await taxii(["doctor", "https://me:geheim@taxii.example.com/"]);
    expect(code).toBe(2);
    expect(out + err).toContain("credentials");
    expect(out + err).not.toContain("geheim");
  });

  it("or that would give a password away", async () => {
    const { code, out } = await taxii(["doctor", "http://taxii.example.com/", "--username", "a", "--password-file", "-"], {
      input: "geheimnis",
    });
    expect(code).toBe(2);
    expect(out).toContain("use https, or --cleartext-auth");
    expect(out).not.toContain("geheimnis");
  });
});
