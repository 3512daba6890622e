/** What every script does: print a request, send it, print the reply. */

import { isTaxiiError } from "../../errors.js";
import { tlsAlertOf } from "../../http/tls-alert.js";
import { TransportError } from "../../http/transport-error.js";
import { type AnyMessage, type AnyRequest, versionOf } from "../../message/exchanges.js";
import { StatusError } from "../../message/status-error.js";
import { validate } from "../../message/validate.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { clientFor } from "./connection.js";
import type { CommonFlags } from "./flags.js";
import { type ContentBlock, type Reply, shapeOf, statusMessageOf } from "./messages.js";
import { Printer } from "./printing.js";

/** What is told of a reply while it arrives. */
export interface Listener {
  /** The reply, before its first content block. */
  onReply?(reply: AnyMessage): void;
  /** Gets each content block before it is printed, and is waited for. */
  onBlock?(block: ContentBlock): Promise<void>;
}

/** The printer for a script's messages. */
export function printerFor({ xmlOutput }: CommonFlags, { output }: Environment): Printer {
  return new Printer(xmlOutput === true, output);
}

/**
 * Sends a request to `url`, and prints it and what comes back.
 *
 * @returns the reply; its content blocks have gone by
 * @throws UsageError when the flags do not make a request that can be sent
 * @throws StatusError when the peer refuses; its Status Message has been printed
 */
export async function exchange(
  request: AnyRequest,
  url: URL,
  flags: CommonFlags,
  environment: Environment,
  listener: Listener = {},
): Promise<AnyMessage> {
  checkRequest(request);
  const client = await clientFor(url, versionOf(request), flags, environment);
  const printer = printerFor(flags, environment);
  await printer.message("Request", request);
  const options = { address: url.href, signal: environment.signal };
  const reply = await explained(() => client.open(request, options), printer);
  listener.onReply?.(reply.message);
  await printer.reply("Response", reply, async (block) => listener.onBlock?.(block));
  return reply.message;
}

/** @throws UsageError for what the schema and the rules of the specification refuse: the flags are to blame */
function checkRequest(request: AnyRequest): void {
  const faults = validate(shapeOf(request), request).issues.filter(({ severity }) => severity === "error");
  if (faults.length === 0) return;
  const reasons = faults.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw new UsageError(`the request cannot be sent: ${reasons.join("; ")}`);
}

/** The reply. What came instead of it is printed, or gets a word on what to do. */
async function explained(open: () => Promise<Reply>, printer: Printer): Promise<Reply> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof StatusError) await printStatus(error, printer);
    if (error instanceof TransportError && distrusts(error)) throw withAdvice(error);
    throw error;
  }
}

async function printStatus(status: StatusError, printer: Printer): Promise<void> {
  try {
    await printer.message("Response", statusMessageOf(status));
  } catch (error) {
    // What was read in spite of its faults need not be fit to be written; the error itself tells what it said.
    if (!isTaxiiError(error)) throw error;
  }
}

/** Whether it was the server's certificate that ended the connection. */
function distrusts(error: TransportError): boolean {
  const alert = tlsAlertOf(error);
  return alert?.local === true && !alert.code.startsWith("ERR_SSL_");
}

function withAdvice(error: TransportError): TransportError {
  const advice = "--verify-server FILE names the authority to trust; --insecure goes without verification, as libtaxii does";
  return new TransportError(error.code, `${error.message}; ${advice}`, { cause: error, statusType: error.statusType, alert: error.alert });
}
