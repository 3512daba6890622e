/** Messages in pieces. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ContentBlock, InboxMessage, messages, PollResponse } from "../../generated/taxii11/index.js";
import { create, fromXml, ParseError, readMessageStream, toXml, ValidationError, writeMessageStream } from "../../src/index.js";

const blockOf = (index: number): ContentBlock => ({
  contentBinding: { bindingId: "urn:x" },
  content: index % 2 === 0 ? { text: `é${index}😀` } : { xml: `<a xmlns="">${index}</a>` },
});
const blocks = Array.from({ length: 20 }, (_, index) => blockOf(index));
const response = create(PollResponse, { inResponseTo: "1", collectionName: "c", contentBlocks: blocks });
const bytes = new TextEncoder().encode(toXml(PollResponse, response));

async function read(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<{ message: unknown; got: ContentBlock[]; error: unknown }> {
  const got: ContentBlock[] = [];
  let message: unknown;
  try {
    const stream = await readMessageStream([PollResponse, InboxMessage], chunks);
    message = stream.message;
    for await (const block of stream.blocks) got.push(block);
    return { message, got, error: undefined };
  } catch (error) {
    return { message, got, error };
  }
}

function* cut(at: readonly number[]): Generator<Uint8Array> {
  const ends = [...at].sort((a, b) => a - b);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(from, end);
    from = end;
  }
}

describe("reading", () => {
  it("gives the head and the blocks that fromXml gives, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
        expect(await read(cut(cuts))).toEqual({ message: { ...response, contentBlocks: [] }, got: blocks, error: undefined });
      }),
      { numRuns: 50 },
    );
  });

  it("gives the blocks that were whole, and then says that the document broke off", async () => {
    for (let end = 1; end < bytes.length - 1; end += 37) {
      const { got, error } = await read([bytes.subarray(0, end)]);
      expect(got).toEqual(blocks.slice(0, got.length));
      expect(error).toBeInstanceOf(ParseError);
      expect(error).toHaveProperty("code", expect.stringMatching(/^(TRUNCATED|BAD_ENCODING)$/));
      expect(got.length).toBe(new TextDecoder().decode(bytes.subarray(0, end)).split("</taxii_11:Content_Block>").length - 1);
    }
  });

  it("says so as well when the source fails", async () => {
    const { got, error } = await read(
      (async function* () {
        yield bytes.subarray(0, Math.floor(bytes.length / 2));
        throw new Error("connection reset");
      })(),
    );
    expect(got.length).toBeGreaterThan(5);
    expect(error).toMatchObject({ code: "TRUNCATED", cause: expect.objectContaining({ message: "connection reset" }) as unknown });
  });

  it("tells what is wrong behind whole blocks", async () => {
    const wrong = new TextEncoder().encode(
      new TextDecoder().decode(bytes).replace('urn:x"/><taxii_11:Content>é10', 'urn:x"/><taxii_11:Oops/><taxii_11:Content>é10'),
    );
    const { got, error } = await read([wrong]);
    expect(got).toEqual(blocks.slice(0, 10));
    expect(error).toMatchObject({ code: "UNEXPECTED_ELEMENT", path: "Poll_Response/Content_Block[11]/Oops" });
  });

  it("lets go of the source when the reader has enough", async () => {
    let closed = false;
    const source = (async function* () {
      try {
        for (const chunk of cut([300, 600, 900])) yield chunk;
      } finally {
        closed = true;
      }
    })();
    const { blocks: stream } = await readMessageStream(PollResponse, source);
    for await (const block of stream) {
      expect(block).toEqual(blocks[0]);
      break;
    }
    expect(closed).toBe(true);
  });

  it("reads messages without blocks whole, and web streams", async () => {
    const status =
      '<Status_Message xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1" in_response_to="2" status_type="DENIED"/>';
    const { body } = new Response(status);
    if (body === null) throw new Error("there is a body");
    const { message } = await readMessageStream(messages, body);
    expect(message).toMatchObject({ $type: "taxii11.StatusMessage", statusType: "DENIED" });
  });

  it("has what comes behind the blocks when they have ended", async () => {
    const signature = { xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>' };
    const signed = new TextEncoder().encode(toXml(PollResponse, { ...response, signature }));
    const { message, blocks: stream } = await readMessageStream(PollResponse, [signed]);
    for await (const _ of stream);
    expect(message.signature).toEqual(signature);
  });
});

describe("writing", () => {
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
    return text;
  };

  it("gives what toXml gives", async () => {
    expect(await collect(writeMessageStream(PollResponse, response, blocks))).toBe(toXml(PollResponse, response));
    expect(fromXml(PollResponse, await collect(writeMessageStream(PollResponse, response, [])))).toEqual({
      ...response,
      contentBlocks: [],
    });
  });

  it("refuses a wrong head before the first byte, and a wrong block where it comes", async () => {
    await expect(writeMessageStream(PollResponse, { ...response, collectionName: "\u0000" }, blocks).next()).rejects.toThrow(
      ValidationError,
    );
    const wrong = [...blocks.slice(0, 2), { contentBinding: { bindingId: "urn:x" }, content: { xml: "<a>" } }];
    await expect(collect(writeMessageStream(PollResponse, response, wrong))).rejects.toThrow(/contentBlocks\[2\]\.content/);
  });
});

it("blocks of a short document are handed out before the break of its source is told", async () => {
  const whole = "<t:Content_Block><t:Content_Binding binding_id='urn:x'/><t:Content>1</t:Content></t:Content_Block>";
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(
      `<t:Poll_Response xmlns:t="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1" in_response_to="2" collection_name="c">${whole}${whole}<t:Con`,
    );
    throw new Error("gone");
  }
  const { blocks } = await readMessageStream(messages, breaking());
  const texts: unknown[] = [];
  const reading = (async () => {
    for await (const { content } of blocks) texts.push(content);
  })();
  await expect(reading).rejects.toMatchObject({ code: "TRUNCATED", cause: { message: "gone" } });
  expect(texts).toEqual([{ text: "1" }, { text: "1" }]);
});

it("blocks that nobody began to take let go of their source", async () => {
  let letGo = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      yield new TextEncoder().encode(
        '<t:Poll_Response xmlns:t="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1" in_response_to="2" collection_name="c">',
      );
      for (;;)
        yield new TextEncoder().encode(
          `<t:Content_Block><t:Content_Binding binding_id='urn:x'/><t:Content>${"x".repeat(2000)}</t:Content></t:Content_Block>`,
        );
    } finally {
      letGo = true;
    }
  }
  const { blocks } = await readMessageStream(messages, endless());
  await blocks.return();
  expect(letGo).toBe(true);
});
