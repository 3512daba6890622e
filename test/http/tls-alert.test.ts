import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tlsAlertOf } from "../../src/http/tls-alert.js";

function coded(code: string, message = "", options?: ErrorOptions): Error {
  return Object.assign(new Error(message, options), { code });
}

/** As OpenSSL 3 words it. */
function openssl(code: string, reason: string, number: number): Error {
  const hex = (0x0a000000 + 1000 + number).toString(16).toUpperCase().padStart(8, "0");
  const message = `80AC09ADB17F0000:error:${hex}:SSL routines:ssl3_read_bytes:${reason}:../ssl/record/rec_layer_s3.c:1601:SSL alert number ${number}\n`;
  return coded(code, message);
}

describe("alerts of the peer", () => {
  it.each([
    [40, "handshake_failure", "0228"],
    [41, "no_certificate", "0229"],
    [42, "bad_certificate", "022a"],
    [43, "unsupported_certificate", "022b"],
    [48, "unknown_ca", "0230"],
    [49, "access_denied", "0231"],
  ])("%i is UNAUTHORIZED [HTTP-TLS-001] [HTTP-TLS-003]", (description, name, hex) => {
    const alert = tlsAlertOf(openssl("ERR_SSL_SOMETHING", "something", description));
    expect(alert).toMatchObject({ level: 2, description, name, hex, statusType: "UNAUTHORIZED", local: false });
  });

  it("all others are FAILURE, those that nobody knows included [HTTP-TLS-002] [HTTP-TLS-003]", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (description) => {
        const alert = tlsAlertOf(openssl("ERR_SSL_SOMETHING", "something", description));
        expect(alert?.description).toBe(description);
        expect(alert?.hex).toMatch(/^[0-9a-f]{4}$/);
        expect(alert?.hex.slice(2)).toBe(description.toString(16).padStart(2, "0"));
        expect(alert?.statusType).toBe([40, 41, 42, 43, 48, 49].includes(description) ? "UNAUTHORIZED" : "FAILURE");
      }),
    );
    expect(tlsAlertOf(openssl("ERR_SSL_SOMETHING", "something", 99))?.name).toBe("alert_99");
  });

  it.each([
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", 40],
    ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", 45],
    ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN", 46],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", 48],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", 70],
    ["ERR_SSL_TLSV1_ALERT_USER_CANCELLED", 90],
    ["ERR_SSL_TLSV1_UNRECOGNIZED_NAME", 112],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", 116],
    // OpenSSL 3.2 and later.
    ["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", 42],
  ])("are told by the code %s alone", (code, description) => {
    expect(tlsAlertOf(coded(code))).toMatchObject({ description, local: false, code });
  });

  it.each([
    ["error:0A000418:SSL routines::tlsv1 alert unknown ca", 48],
    // OpenSSL 1.1.
    ["140735:error:14094412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:ssl/record/rec_layer_s3.c:1544:", 42],
    ["write EPROTO 80:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:c:1601:SSL alert number 40\n", 40],
  ])("are told by the number in %j", (message, description) => {
    expect(tlsAlertOf(coded("EPROTO", message))).toMatchObject({ description, local: false });
  });
});

describe("what this side finds wrong", () => {
  it.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "0230", "UNAUTHORIZED"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "0230", "UNAUTHORIZED"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "0230", "UNAUTHORIZED"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "0230", "UNAUTHORIZED"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "022a", "UNAUTHORIZED"],
    ["CERT_NOT_YET_VALID", "022a", "UNAUTHORIZED"],
    ["INVALID_PURPOSE", "022b", "UNAUTHORIZED"],
    ["CERT_HAS_EXPIRED", "022d", "FAILURE"],
    ["CERT_REVOKED", "022c", "FAILURE"],
    ["CERT_SIGNATURE_FAILURE", "0233", "FAILURE"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "0246", "FAILURE"],
    ["ERR_SSL_UNSUPPORTED_PROTOCOL", "0246", "FAILURE"],
    ["ERR_SSL_DH_KEY_TOO_SMALL", "0228", "UNAUTHORIZED"],
  ])("%s goes by the alert this side sends, %s [HTTP-TLS-004]", (code, hex, statusType) => {
    expect(tlsAlertOf(coded(code))).toMatchObject({ hex, statusType, local: true, code });
  });

  it("is told from what the peer finds wrong, where both share a number", () => {
    expect(tlsAlertOf(coded("ERR_SSL_UNEXPECTED_MESSAGE"))).toMatchObject({ description: 10, local: true });
    expect(tlsAlertOf(coded("ERR_SSL_SSLV3_ALERT_UNEXPECTED_MESSAGE"))).toMatchObject({ description: 10, local: false });
  });
});

describe("errors behind errors", () => {
  const unknown = coded("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA");

  it("are looked at: causes, and the errors of an AggregateError", () => {
    expect(tlsAlertOf(new TypeError("fetch failed", { cause: unknown }))?.description).toBe(48);
    expect(
      tlsAlertOf(new Error("a", { cause: new AggregateError([coded("ECONNREFUSED"), new Error("b", { cause: unknown })]) }))?.description,
    ).toBe(48);
  });

  it("may go in circles, and be many", () => {
    const circle = new Error("circle");
    circle.cause = new AggregateError([circle, unknown]);
    expect(tlsAlertOf(circle)?.description).toBe(48);
    const many = Array.from({ length: 1000 }, () => new Error("x"));
    expect(tlsAlertOf(new AggregateError([...many.slice(0, 50), unknown]))?.description).toBe(48);
    expect(tlsAlertOf(new AggregateError([...many, unknown]))).toBeUndefined();
  });

  it("need not be errors, nor about TLS", () => {
    for (const other of [
      undefined,
      null,
      "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
      { code: "CERT_HAS_EXPIRED" },
      new Error("x"),
      coded("ECONNRESET"),
      coded("constructor"),
    ])
      expect(tlsAlertOf(other)).toBeUndefined();
    expect(tlsAlertOf(Object.assign(new Error("x"), { code: 48, cause: "x", errors: "x" }))).toBeUndefined();
  });
});
