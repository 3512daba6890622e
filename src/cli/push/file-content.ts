/** Files as content blocks. */

import type { Content } from "../../binding/content.js";
import { isXmlText } from "../../characters.js";
import { xmlContent } from "../../codec/fragment.js";
import { ParseError } from "../../errors.js";
import { decode } from "../../xml/decode.js";
import type { Environment } from "../environment.js";
import { fileErrorText } from "../failure.js";
import { printableLine } from "../output.js";

/** A file that cannot be sent: exit code 4. */
export class FileContentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileContentError";
  }
}

/**
 * The content of a file: as XML when it is a well-formed document without DOCTYPE, otherwise as text. Nothing in it is changed;
 * the byte order mark and the XML declaration stay behind, because they belong to a document of its own.
 *
 * @param file a path, or `-` for standard input
 * @throws FileContentError when it is neither, or cannot be read
 */
export async function readContent(file: string, asText: boolean, environment: Environment): Promise<Content> {
  const name = file === "-" ? "standard input" : printableLine(file);
  const text = decodeFile(await readFile(file, name, environment), name);
  if (!asText && /^[\t\n\r ]*</.test(text)) {
    try {
      return xmlContent(text);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      environment.output.err(`${name} is sent as text, because it is no well-formed XML: ${printableLine(error.message)}\n`);
    }
  }
  if (!isXmlText(text)) throw new FileContentError(`${name} has characters that XML cannot carry; TAXII sends such files in base64`);
  return { text };
}

async function readFile(file: string, name: string, { readInput }: Environment): Promise<Uint8Array> {
  try {
    return await readInput(file);
  } catch (error) {
    throw new FileContentError(fileErrorText(error, name), { cause: error });
  }
}

function decodeFile(bytes: Uint8Array, name: string): string {
  if (bytes.length === 0) throw new FileContentError(`${name} is empty`);
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new FileContentError(`${name} is neither XML nor text: ${error.message}; TAXII sends such files in base64`, { cause: error });
  }
}
