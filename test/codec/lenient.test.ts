/** Lenient reading as a whole: how it tells, and that it works piece by piece. */

import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { DiscoveryRequest, InboxMessage, messages, PollResponse } from "../../generated/taxii11/index.js";
import { type Deviation, fromXml, isTaxiiError, ParseError, readMessageStream } from "../../src/index.js";
import { collect } from "../support/collect.js";
import { message10, message11, read, response11 } from "./lenient-reading.js";

const block = (content: string): string =>
  `<Content_Block><Content>${content}</Content><Content_Binding binding_id="urn:x"/></Content_Block>`;

// More than is looked at for the encoding, so that blocks come one by one.
const long = (name: string): string => block(name.padEnd(2000, "."));

function bytesOf(document: string): Uint8Array {
  return new TextEncoder().encode(document);
}

describe("strict reading", () => {
  it("is what happens without asking", () => {
    const document = response11("<Odd/>");
    for (const options of [{}, { lenient: false }, { lenient: undefined, onDeviation: () => expect.unreachable() }]) {
      expect(() => fromXml(PollResponse, document, options)).toThrow(ParseError);
    }
    expect(fromXml(PollResponse, document, { lenient: true })).toEqual(fromXml(PollResponse, response11("")));
  });
});

describe("deviations", () => {
  it("are told one by one, and counted beyond a hundred", () => {
    for (const [number, told] of [
      [99, 99],
      [100, 100],
      [101, 101],
      [5000, 101],
    ] as const) {
      const { deviations } = read(PollResponse, response11("<Odd/>".repeat(number)));
      expect(deviations).toHaveLength(told);
      if (number <= 100) expect(deviations.every(({ code }) => code === "UNEXPECTED_ELEMENT")).toBe(true);
      else
        expect(deviations.at(-1)).toEqual({
          code: "LIMIT_EXCEEDED",
          reason: `there are ${number - 100} deviations more; 100 of a document are told one by one`,
          line: 0,
          column: 0,
          path: "",
        });
    }
  });

  it("are counted as well when the document breaks off", () => {
    const deviations: Deviation[] = [];
    const broken = response11("<Odd/>".repeat(150)).slice(0, -5);
    expect(() => fromXml(PollResponse, broken, { lenient: true, onDeviation: (deviation) => deviations.push(deviation) })).toThrow(
      expect.objectContaining({ code: "TRUNCATED" }),
    );
    expect(deviations).toHaveLength(101);
    expect(deviations.at(-1)?.reason).toMatch(/^there are 50 deviations more/);
  });

  it("are short, however long the names are", () => {
    const name = "n".repeat(100_000);
    const { deviations } = read(PollResponse, response11(`<${name} ${name}="${name}"/><Message ${name}="1">m</Message>`));
    expect(deviations).toHaveLength(2);
    for (const { reason, path } of deviations) expect(reason.length + path.length).toBeLessThanOrEqual(1000);
  });

  it("can be objected to", () => {
    class Objection extends Error {}
    for (const error of [new Objection("no"), new Error("no"), new ParseError("BAD_VALUE", "no", { line: 1, column: 1, path: "x" })]) {
      const onDeviation = (): never => {
        throw error;
      };
      expect(() => fromXml(PollResponse, response11("<Odd/>"), { lenient: true, onDeviation })).toThrow(error);
    }
  });

  it("need nobody to listen", () => {
    expect(fromXml(messages, message11("Discovery_Request", ""), { lenient: true })).toEqual({
      $type: DiscoveryRequest.name,
      messageId: "0",
    });
  });
});

describe("piece by piece", () => {
  const document = response11(
    `text<Message>m</Message>${block("one")}<Odd/>${block("two")}<Inclusive_End_Timestamp>2014-12-19 00:00:00</Inclusive_End_Timestamp>`,
  );

  it.each([1, 7, 64, 100_000])("the same is read, and told, from pieces of %d bytes", async (length) => {
    const whole = read([PollResponse, InboxMessage], document);
    const bytes = bytesOf(document);
    const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
      bytes.subarray(index * length, (index + 1) * length),
    );
    const deviations: Deviation[] = [];
    const { message, blocks } = await readMessageStream([PollResponse, InboxMessage], pieces, {
      lenient: true,
      onDeviation: (deviation) => deviations.push(deviation),
    });
    const got = await collect(blocks);
    expect({ ...message, contentBlocks: got }).toEqual(whole.value);
    expect(deviations).toEqual(whole.deviations);
  });

  it("a deviation is told before its block is handed out", async () => {
    const told: string[] = [];
    const bytes = bytesOf(response11(long("one") + long("two") + long("three")));
    const { blocks } = await readMessageStream(
      PollResponse,
      Array.from(bytes, (byte) => new Uint8Array([byte])),
      {
        lenient: true,
        onDeviation: ({ path }) => told.push(path),
      },
    );
    let seen = 0;
    for await (const _ of blocks) {
      seen++;
      expect(told.filter((path) => path.endsWith(`Content_Block[${seen}]/Content`))).toHaveLength(1);
    }
    expect(seen).toBe(3);
  });

  it("the message has what its type demands when the first block comes, and what comes late when they end", async () => {
    const late = message10(
      "Poll_Response",
      `message_id="1" in_response_to="2" feed_name="f"`,
      `<Content_Block/>${" ".repeat(2000)}<Inclusive_End_Timestamp>2014-12-19T00:00:00Z</Inclusive_End_Timestamp>`,
    );
    const never = message10("Poll_Response", `message_id="1" in_response_to="2" feed_name="f"`, `<Content_Block/>${" ".repeat(2000)}`);
    for (const [text, end] of [
      [late, "2014-12-19T00:00:00Z"],
      [never, ""],
    ] as const) {
      const whole = read(taxii10.PollResponse, text);
      const deviations: Deviation[] = [];
      const { message, blocks } = await readMessageStream(
        taxii10.PollResponse,
        Array.from(bytesOf(text), (byte) => new Uint8Array([byte])),
        {
          lenient: true,
          onDeviation: (deviation) => deviations.push(deviation),
        },
      );
      expect(message.inclusiveEndTimestamp).toBe("");
      expect(await collect(blocks)).toEqual([{ contentBinding: "", content: { text: "" } }]);
      expect(message.inclusiveEndTimestamp).toBe(end);
      expect(deviations).toEqual(whole.deviations);
      expect(deviations.some(({ code, path }) => code === "MISSING_ELEMENT" && path === "Poll_Response")).toBe(end === "");
    }
  });

  it("what a listener throws reaches the caller, behind the blocks that were whole, and ends the source", async () => {
    const objection = new Error("no");
    let open = true;
    const source = {
      async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
        try {
          for (const byte of bytesOf(response11(`${long("one")}<Odd/>${long("two")}`))) yield new Uint8Array([byte]);
        } finally {
          open = false;
        }
      },
    };
    const { blocks } = await readMessageStream(PollResponse, source, {
      lenient: true,
      onDeviation: ({ path }) => {
        if (path.endsWith("Odd")) throw objection;
      },
    });
    const got: unknown[] = [];
    await expect(
      (async () => {
        for await (const item of blocks) got.push(item);
      })(),
    ).rejects.toBe(objection);
    expect(got).toHaveLength(1);
    expect(open).toBe(false);
  });

  it("a source that fails is a document that breaks off", async () => {
    const { blocks } = await readMessageStream(
      PollResponse,
      (async function* () {
        yield bytesOf(response11(long("one") + block("two")).slice(0, -40));
        throw new Error("connection reset");
      })(),
      { lenient: true },
    );
    const error: unknown = await collect(blocks).catch((thrown: unknown) => thrown);
    expect(isTaxiiError(error)).toBe(true);
    expect(error).toMatchObject({ code: "TRUNCATED" });
  });
});
