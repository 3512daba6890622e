/** Messages that are not as they should be: read where that is safe, refused where it is not. */

import { describe, expect, it } from "vitest";
import { meet, polled } from "./kit.js";
import {
  answeringOthers,
  changingTheSubject,
  deep,
  extended,
  inventedStatus,
  otherCollection,
  unreadable,
  withDoctype,
  zonelessLabels,
} from "./peers/replies.js";

describe("a reply", () => {
  it.each([
    ["to another request", answeringOthers, 'the reply answers message "4711"'],
    ["to another kind of request", changingTheSubject, "expected taxii11.PollResponse"],
  ])("[SVC-GEN-008] %s is refused", async (_name, answer, message) => {
    const { contents, error } = await polled((await meet(answer)).client);
    expect(contents).toEqual([]);
    expect(error).toMatchObject({ code: "MISMATCH", message: expect.stringContaining(message) });
  });

  it("to a request that could not be read has the id 0, and the peer's reason", async () => {
    const { error } = await polled((await meet(unreadable, { version: "1.1" })).client);
    expect(error).toMatchObject({ code: "BAD_MESSAGE", message: "BAD_MESSAGE: No message." });
  });

  it("from another collection is read", async () => {
    expect((await polled((await meet(otherCollection)).client)).contents).toEqual(["x"]);
  });

  it("with labels that lack a zone is read as UTC, with a warning for each", async () => {
    const { client, warnings } = await meet(zonelessLabels);
    const labels: (string | undefined)[] = [];
    const poll = client.poll("feed");
    for await (const { timestampLabel } of poll) labels.push(timestampLabel);
    expect(labels).toEqual(["2024-05-01T00:00:00Z", "2024-05-02T00:00:00.123456+00:00"]);
    expect(poll.end).toBe("2024-06-01T00:00:00Z");
    expect(warnings.map(({ code }) => code)).toEqual(["BAD_VALUE", "BAD_VALUE", "BAD_VALUE"]);
    const strict = await polled((await meet(zonelessLabels, { lenient: false })).client);
    expect(strict.error).toMatchObject({ code: "BAD_VALUE", message: expect.stringContaining("Inclusive_End_Timestamp") });
  });

  it("with elements of its own is read without them, with warnings", async () => {
    const { client, warned } = await meet(extended);
    expect(await polled(client)).toMatchObject({ contents: ["data"], error: undefined });
    expect(warned).toEqual(["UNEXPECTED_ATTRIBUTE", "UNEXPECTED_ELEMENT"]);
  });

  it.each(["VENDOR_FAILURE", "FAILURE"])("with the status %s is an error that steers no terminal", async (type) => {
    const { error } = await polled((await meet(inventedStatus(type), { version: "1.1" })).client);
    expect(error).toMatchObject({ code: type, message: expect.stringMatching(new RegExp(`^${type}: [^\\u001b\\u202e]*Red$`)) });
  });

  it.each([
    ["with a DOCTYPE", withDoctype, "XML_FORBIDDEN"],
    ["without bottom", deep(100_000), "LIMIT_EXCEEDED"],
  ])("%s is refused, leniently or not", async (_name, answer, code) => {
    for (const lenient of [true, false]) {
      const { client, peer } = await meet(answer, { lenient });
      expect(await polled(client)).toMatchObject({ contents: [], error: { code } });
      expect(peer.asked).toHaveLength(1);
    }
  });
});
