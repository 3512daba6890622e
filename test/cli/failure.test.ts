import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { reportFailure, UsageError } from "../../src/cli/failure.js";
import { InterruptedError } from "../../src/cli/interrupted.js";
import { OutputClosedError } from "../../src/cli/output.js";
import { keepSecret } from "../../src/cli/secrets.js";
import { ParseError, TaxiiError, ValidationError } from "../../src/errors.js";
import { TransportError } from "../../src/http/transport-error.js";
import { StatusError } from "../../src/message/status-error.js";
import { testEnvironment } from "./environment.js";

function report(error: unknown): [number, string] {
  const environment = testEnvironment();
  const code = reportFailure("taxii poll", error, environment);
  expect(environment.out).toBe("");
  return [code, environment.err];
}

const missing = Object.assign(new Error("ENOENT: no such file or directory, open '/x'"), { code: "ENOENT", path: "/x" });

describe("reportFailure", () => {
  it.each([
    ["wrong usage", new UsageError("no URL"), 2, "taxii poll: no URL\n"],
    ["a message that cannot be sent", new ValidationError("Poll_Request", []), 2, "taxii poll: Poll_Request is not valid: \n"],
    ["no connection", new TransportError("NETWORK", "no route"), 3, "taxii poll: no route\n"],
    ["no TLS", new TransportError("TLS", "expired"), 3, "taxii poll: expired\n"],
    ["no answer in time", new TransportError("TIMEOUT", "60 s"), 3, "taxii poll: 60 s\n"],
    ["a login that cannot be reached", new TransportError("LOGIN", "no route"), 3, "taxii poll: no route\n"],
    [
      "a login refused",
      new TransportError("LOGIN", "no", { status: 401, statusType: "UNAUTHORIZED" }),
      1,
      "taxii poll: UNAUTHORIZED: no\n",
    ],
    [
      "HTTP 403",
      new TransportError("NOT_TAXII", "HTTP 403", { status: 403, statusType: "UNAUTHORIZED" }),
      1,
      "taxii poll: UNAUTHORIZED: HTTP 403\n",
    ],
    ["a login page", new TransportError("NOT_TAXII", "HTTP 200, HTML", { status: 200 }), 4, "taxii poll: HTTP 200, HTML\n"],
    ["another binding", new TransportError("UNSUPPORTED_BINDING", "JSON", { status: 200 }), 4, "taxii poll: JSON\n"],
    ["no service", new TransportError("NO_SERVICE", "none"), 1, "taxii poll: none\n"],
    ["too many services", new TransportError("AMBIGUOUS_SERVICE", "a, b"), 2, "taxii poll: a, b\n"],
    [
      "an unreadable reply",
      new ParseError("TRUNCATED", "the document ends", { line: 1, column: 2, path: "" }),
      4,
      "taxii poll: TRUNCATED: the document ends (line 1, column 2)\n",
    ],
    ["a state file", new TaxiiError("STATE_FILE", "x.state is no JSON"), 4, "taxii poll: x.state is no JSON\n"],
    ["a missing file", missing, 4, "taxii poll: /x: there is no such file or folder\n"],
    ["what is no error", "no", 4, "taxii poll: no\n"],
    ["Ctrl-C", new InterruptedError(), 130, "taxii poll: interrupted\n"],
    ["SIGTERM", new InterruptedError(15), 143, "taxii poll: interrupted\n"],
    ["a reader that has gone", new OutputClosedError(), 0, ""],
    ["what commander has said", new CommanderError(1, "commander.unknownOption", "error: unknown option"), 2, ""],
    ["help", new CommanderError(0, "commander.helpDisplayed", "(outputHelp)"), 0, ""],
  ])("%s", (_, error, code, text) => expect(report(error)).toEqual([code, text]));

  it("prints a status with its details, which cannot steer the terminal", () => {
    const error = new StatusError("NOT_FOUND", { message: "no\u202e!", details: { ITEM: ["a\nb", "c"] } });
    expect(report(error)).toEqual([1, "taxii poll: NOT_FOUND: no !\n  ITEM: a b\n  ITEM: c\n"]);
  });

  it("prints no secret, not even one that the peer repeats", () => {
    const environment = testEnvironment();
    keepSecret(environment, "hunter2 &", undefined, "", "abc");
    reportFailure("taxii", new StatusError("UNAUTHORIZED", { message: "no user with hunter2 & (abc)" }), environment);
    reportFailure("taxii", new UsageError("https://x/?p=hunter2%20%26"), environment);
    expect(environment.err).toBe("taxii: UNAUTHORIZED: no user with … (abc)\ntaxii: https://x/?p=…\n");
  });

  it("knows an interruption behind an abort", () => {
    const controller = new AbortController();
    const reason = new InterruptedError();
    controller.abort(reason);
    const environment = testEnvironment({ signal: controller.signal });
    const aborted = new DOMException("aborted", "AbortError");
    expect(reportFailure("taxii", aborted, environment)).toBe(130);
    expect(reportFailure("taxii", new TypeError("fetch failed", { cause: reason }), environment)).toBe(130);
    expect(reportFailure("taxii", aborted, testEnvironment())).toBe(4);
  });
});
