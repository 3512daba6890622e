/** `taxii convert`: a message from XML or JSON to XML, JSON or text. */

import { messages as messages10 } from "../../../generated/taxii10/index.js";
import { messages as messages11 } from "../../../generated/taxii11/index.js";
import type { Shape } from "../../binding/index.js";
import { fromXml, toXml } from "../../codec/xml.js";
import { fromJson, toJson, toText } from "../../message/forms.js";
import { exitCodes, type Output, printable, readInput, reasonOf } from "../output.js";

/** Forms a message can be written in. */
export const forms = ["xml", "json", "text"] as const;
export type Form = (typeof forms)[number];

export interface ConvertCommandOptions {
  readonly to: Form;
  readonly pretty?: boolean;
}

const accepted = [...messages11, ...messages10];

/** Converts one file. Nothing is written to standard output unless all went well. */
export function convertFile(file: string, { to, pretty = false }: ConvertCommandOptions, output: Output): number {
  try {
    const bytes = readInput(file);
    const message = isJson(bytes) ? fromJson(accepted, bytes) : fromXml(accepted, bytes);
    output.out(write(message, to, pretty));
    return exitCodes.ok;
  } catch (error) {
    output.err(`${printable(file)}: ${codeOf(error)}${reasonOf(error)}\n`);
    return exitCodes.notOk;
  }
}

function write(message: (typeof accepted)[number] extends Shape<infer T> ? T : never, to: Form, pretty: boolean): string {
  const shape = accepted.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new TypeError(`${message.$type} has no shape`);
  switch (to) {
    case "xml": {
      const xml = toXml<typeof message>(shape, message, { pretty });
      return xml.endsWith("\n") ? xml : `${xml}\n`;
    }
    case "json":
      return `${toJson<typeof message>(shape, message, { indent: pretty ? 2 : 0 })}\n`;
    case "text":
      return toText<typeof message>(shape, message);
  }
}

/** JSON begins with a brace, XML never does. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => ![0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === 0x7b;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? `${error.code} ` : "";
}
