import { expect, test } from "vitest";
import { isTaxiiError } from "../../src/errors.js";
import { statusTypeOf, TransportError } from "../../src/http/transport-error.js";

test.each([
  // HTTP-MAP-003 to HTTP-MAP-010
  [400, "BAD_MESSAGE"],
  [401, "UNAUTHORIZED"],
  [403, "UNAUTHORIZED"],
  [406, "UNSUPPORTED_MESSAGE"],
  [407, "UNAUTHORIZED"],
  [413, "BAD_MESSAGE"],
  [415, "UNSUPPORTED_MESSAGE"],
  [404, "FAILURE"],
  [503, "FAILURE"],
  [204, "FAILURE"],
  [302, "FAILURE"],
  [200, "FAILURE"],
])("HTTP %i without a message is %s", (status, expected) => {
  expect(statusTypeOf(status)).toBe(expected);
});

test("a TransportError tells what there is to tell, but no cookies", () => {
  const error = new TransportError("NOT_TAXII", "why", {
    status: 401,
    headers: new Headers({ "Set-Cookie": "s=1", "WWW-Authenticate": "Basic" }),
    statusType: "UNAUTHORIZED",
    cause: 1,
  });
  expect(isTaxiiError(error)).toBe(true);
  expect(error).toMatchObject({
    name: "TransportError",
    code: "NOT_TAXII",
    message: "why",
    reason: "why",
    status: 401,
    statusType: "UNAUTHORIZED",
    cause: 1,
  });
  expect(error.headers).toEqual({ "www-authenticate": "Basic" });
  expect(new TransportError("NETWORK", "why")).toMatchObject({ status: undefined, headers: {}, statusType: "FAILURE" });
});
