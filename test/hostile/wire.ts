/** A connection without an HTTP client behind it: what is sent goes out as it is, and what comes back is read with a strict eye. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A response as it came. */
export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

const statusLine = /^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/;
const fieldLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)$/;
const headEnd = "\r\n\r\n";

/** A connection to a port of this machine. */
export class Wire {
  readonly #socket: Socket;
  readonly #pieces: Buffer[] = [];
  /** Resolves when the connection is no more, for whatever reason. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("data", (piece: Buffer) => void this.#pieces.push(piece));
    // A server may cut a connection off; that shows in what came, and that it is closed.
    socket.on("error", () => undefined);
  }

  static async open(port: number): Promise<Wire> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const wire = new Wire(socket);
    await once(socket, "connect");
    // The other side is done, and so are we.
    socket.on("end", () => socket.end());
    return wire;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** What came so far. */
  get received(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** Sends, and resolves when it was taken or the connection is gone. */
  async send(bytes: string | Uint8Array): Promise<void> {
    if (!this.isOpen) return;
    const taken = typeof bytes === "string" ? this.#socket.write(bytes, "latin1") : this.#socket.write(bytes);
    if (!taken) await Promise.race([once(this.#socket, "drain"), this.closed]);
  }

  /** Says that nothing more is coming from this side. */
  end(): void {
    this.#socket.end();
  }

  /** Cuts the connection off. */
  cut(): void {
    this.#socket.destroy();
  }

  /**
   * Waits for so many responses, interim ones included, or for the end of the connection, and gives what came.
   *
   * @throws Error when that takes too long, or what came is not HTTP
   */
  async answers(count = Number.POSITIVE_INFINITY): Promise<readonly Answer[]> {
    const patience = AbortSignal.timeout(120_000);
    for (;;) {
      const { answers, whole } = readAnswers(this.received, !this.isOpen);
      if (answers.length >= count) return answers;
      if (!this.isOpen) {
        if (!whole) throw new Error(`the last response is not whole: ${this.received.toString("latin1").slice(-300)}`);
        return answers;
      }
      await Promise.race([once(this.#socket, "data", { signal: patience }), this.closed]);
    }
  }

  /** The one response. @throws Error when there is none */
  async answer(): Promise<Answer> {
    const [answer] = await this.answers(1);
    if (answer === undefined) throw new Error("the connection was closed without a response");
    return answer;
  }
}

/**
 * Sends bytes on a connection of their own, waits for so many responses, and ends the connection; gives what came until then, also
 * what was not waited for. A connection that the server ends may bring less.
 */
export async function exchange(port: number, bytes: string | Uint8Array, count = 1): Promise<readonly Answer[]> {
  const wire = await Wire.open(port);
  await wire.send(bytes);
  await wire.answers(count);
  wire.end();
  return wire.answers();
}

/** Reads responses one behind the other; the last one may not have come whole yet. @throws Error for what is no HTTP */
function readAnswers(bytes: Buffer, ended: boolean): { readonly answers: readonly Answer[]; readonly whole: boolean } {
  const answers: Answer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(headEnd, at, "latin1");
    if (end < 0) return { answers, whole: false };
    const head = readHead(bytes.toString("latin1", at, end));
    const body = readBody(bytes.subarray(end + headEnd.length), head, ended);
    if (body === undefined) return { answers, whole: false };
    answers.push({ ...head, body: body.content });
    at = end + headEnd.length + body.length;
  }
  return { answers, whole: true };
}

type Head = Omit<Answer, "body">;

function readHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const status = statusLine.exec(first)?.[1];
  if (status === undefined) throw new Error(`expected a status line, found ${JSON.stringify(first)}`);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = fieldLine.exec(line) ?? [];
    if (name === undefined) throw new Error(`expected a header field, found ${JSON.stringify(line)}`);
    if (fields.has(name.toLowerCase())) throw new Error(`the header field ${name} is there twice`);
    fields.set(name.toLowerCase(), value);
  }
  return { status: Number(status), fields };
}

/** The body, and how many bytes it takes; undefined when it is not whole. */
function readBody(bytes: Buffer, { status, fields }: Head, ended: boolean): { content: Buffer; length: number } | undefined {
  if (status < 200 || status === 204) return { content: Buffer.alloc(0), length: 0 };
  const length = fields.get("content-length");
  if (length !== undefined)
    return bytes.length < Number(length) ? undefined : { content: bytes.subarray(0, Number(length)), length: Number(length) };
  if (fields.get("transfer-encoding") === "chunked") return readChunks(bytes);
  return ended ? { content: bytes, length: bytes.length } : undefined;
}

function readChunks(bytes: Buffer): { content: Buffer; length: number } | undefined {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf("\r\n", at, "latin1");
    if (end < 0) return undefined;
    const size = bytes.toString("latin1", at, end);
    if (!/^[0-9a-f]+$/i.test(size)) throw new Error(`expected the size of a chunk, found ${JSON.stringify(size)}`);
    const length = Number.parseInt(size, 16);
    const next = end + 2 + length + 2;
    if (bytes.length < next) return undefined;
    if (length === 0) return { content: Buffer.concat(pieces), length: next };
    pieces.push(bytes.subarray(end + 2, end + 2 + length));
    at = next;
  }
}
