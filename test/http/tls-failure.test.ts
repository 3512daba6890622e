import { expect, test } from "vitest";
import { describeTlsFailure } from "../../src/http/tls-failure.js";

function coded(code: string, rest: object = {}): Error {
  return Object.assign(new Error(code), { code }, rest);
}

const root = {
  subject: { CN: "Root" },
  issuer: { CN: "Root" },
  valid_from: "Jan  1 00:00:00 2020 GMT",
  valid_to: "Jan  1 00:00:00 2990 GMT",
};
const chain = {
  subject: { CN: "taxii.example.com", O: "Example" },
  issuer: { CN: "Root" },
  subjectaltname: "DNS:taxii.example.com, DNS:other.example.com",
  valid_from: "Jan  1 00:00:00 2020 GMT",
  valid_to: "Jan  1 00:00:00 2990 GMT",
  issuerCertificate: root,
};

test("what has nothing to do with TLS is not described", () => {
  expect(describeTlsFailure(coded("ECONNREFUSED"))).toBeUndefined();
  expect(describeTlsFailure("CERT_HAS_EXPIRED")).toBeUndefined();
});

test("the certificate that is not trusted is the topmost of the chain, and there is advice", () => {
  const described = describeTlsFailure(new TypeError("fetch failed", { cause: coded("SELF_SIGNED_CERT_IN_CHAIN", { cert: chain }) }));
  expect(described).toBe(
    'the certificate "CN=Root", issued by "CN=Root", is not trusted: nobody but itself vouches for it; ' +
      "give the authority's certificate as ca, or trust those of the system with systemCa",
  );
  expect(describeTlsFailure(coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE", { cert: { ...chain, issuerCertificate: undefined } }))).toContain(
    '"CN=taxii.example.com, O=Example", issued by "CN=Root", is not trusted: its issuer is not known here',
  );
  expect(describeTlsFailure(coded("DEPTH_ZERO_SELF_SIGNED_CERT"))).toContain("the certificate of the server is not trusted");
});

test("the certificate that has expired is the one of the chain that has", () => {
  const expired = { ...root, valid_to: "Jan  1 00:00:00 2021 GMT" };
  expect(describeTlsFailure(coded("CERT_HAS_EXPIRED", { cert: { ...chain, issuerCertificate: expired } }))).toBe(
    'the certificate "CN=Root", issued by "CN=Root", expired on Jan 1 00:00:00 2021 GMT; the server needs a new one, or the clock here is wrong',
  );
  expect(describeTlsFailure(coded("CERT_HAS_EXPIRED"))).toContain("the certificate of the server expired;");
  const early = { ...chain, valid_from: "Jan  1 00:00:00 2980 GMT" };
  expect(describeTlsFailure(coded("CERT_NOT_YET_VALID", { cert: early }))).toContain("is not valid before Jan 1 00:00:00 2980 GMT");
});

test("a certificate for other hosts says for which", () => {
  expect(describeTlsFailure(coded("ERR_TLS_CERT_ALTNAME_INVALID", { cert: chain, host: "10.0.0.1" }))).toBe(
    "the certificate of the server is for DNS:taxii.example.com, DNS:other.example.com, not for 10.0.0.1; " +
      "use an address with one of its names, or set servername",
  );
  expect(describeTlsFailure(coded("ERR_TLS_CERT_ALTNAME_INVALID", { cert: { subject: { CN: ["a", "b"] } } }))).toContain(
    "is for a, b, another host",
  );
  expect(describeTlsFailure(coded("ERR_TLS_CERT_ALTNAME_INVALID"))).toContain("is for another name, another host");
});

test("other faults are named by their codes", () => {
  expect(describeTlsFailure(coded("CERT_REVOKED", { cert: chain }))).toContain("cannot be accepted: CERT_REVOKED");
  expect(describeTlsFailure(coded("ERR_SSL_BAD_SIGNATURE"))).toBe("the TLS connection failed: ERR_SSL_BAD_SIGNATURE");
  expect(describeTlsFailure(coded("ERR_SSL_WRONG_VERSION_NUMBER"))).toContain("does not speak TLS");
});

test("alerts of the server say what it means by them", () => {
  expect(describeTlsFailure(coded("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"))).toBe(
    "the server ended the TLS connection with alert 48, unknown_ca: it does not know the issuer of the client certificate; " +
      "intermediate certificates may have to be sent along",
  );
  expect(describeTlsFailure(coded("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR"))).toBe(
    "the server ended the TLS connection with alert 80, internal_error",
  );
});

test("names cannot steer a terminal, and chains may go in circles", () => {
  const circle: { subject: { CN: string }; issuerCertificate?: object } = { subject: { CN: "\u001b[2Jx\u202e\n" } };
  circle.issuerCertificate = { issuerCertificate: circle };
  const described = describeTlsFailure(coded("CERT_REVOKED", { cert: circle })) ?? "";
  expect(described).toContain("[2Jx");
  expect(described).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(describeTlsFailure(coded("SELF_SIGNED_CERT_IN_CHAIN", { cert: circle }))).toContain("is not trusted");
});
