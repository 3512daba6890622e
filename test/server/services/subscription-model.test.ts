/** Subscription management in both versions against a model of it: a list, and what each action does to it. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { SubscriptionManagementRequest as Request10 } from "../../../generated/taxii10/index.js";
import { SubscriptionManagementRequest as Request11 } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import type { PushPolicy } from "../../../src/server/push.js";
import { collectionManagement } from "../../../src/server/services/collection-management.js";
import { poll } from "../../../src/server/services/poll.js";
import { as, createPeers, https10, type Peers, xml10, xml11 } from "./peers.js";

interface Modelled {
  readonly id: string;
  readonly owner: string;
  readonly collection: string;
  readonly wants: Wants;
  status: "ACTIVE" | "PAUSED";
}

/** What a subscription is for; `countOnly` and `binding` of polled ones are for TAXII 1.1 only. */
interface Wants {
  readonly pushed: boolean;
  readonly countOnly: boolean;
  readonly binding: string | undefined;
}

interface Command {
  readonly version: "1.0" | "1.1";
  readonly action: "SUBSCRIBE" | "UNSUBSCRIBE" | "PAUSE" | "RESUME" | "STATUS";
  readonly owner: "ann" | "bob";
  readonly collection: "a" | "b" | "none";
  readonly wants: Wants;
  /** Which of the subscriptions there ever were is named; none for one that never was. */
  readonly which: number;
  /** Whether STATUS names one. */
  readonly one: boolean;
}

/** What is known of an answer: a status type, or subscriptions with their statuses where the version has them. */
type Outcome = string | readonly (readonly [id: string, status: string | undefined])[];

const target = { protocolBinding: https10, address: "https://good.test/", messageBinding: xml11 };
const push: PushPolicy = { protocolBindings: [https10], messageBindings: [xml11, xml10], check: () => undefined };

const commands = fc.array(
  fc.record<Command>({
    version: fc.constantFrom("1.0", "1.1"),
    action: fc.constantFrom("SUBSCRIBE", "SUBSCRIBE", "UNSUBSCRIBE", "PAUSE", "RESUME", "STATUS"),
    owner: fc.constantFrom("ann", "bob"),
    collection: fc.constantFrom("a", "a", "b", "none"),
    wants: fc.record({ pushed: fc.boolean(), countOnly: fc.boolean(), binding: fc.constantFrom(undefined, "urn:x", "urn:y") }),
    which: fc.nat({ max: 5 }),
    one: fc.boolean(),
  }),
  { maxLength: 30 },
);

/** As the version can say it. */
function spoken({ version, action, wants, ...rest }: Command): Command {
  if (version === "1.1") return { version, action, wants, ...rest };
  return {
    ...rest,
    version,
    one: false,
    action: action === "PAUSE" || action === "RESUME" ? "STATUS" : action,
    wants: { ...wants, countOnly: false, binding: wants.pushed ? wants.binding : undefined },
  };
}

class Model {
  #live: Modelled[] = [];
  readonly ids: string[] = [];

  named({ which }: Command): string {
    return this.ids[which] ?? "urn:never";
  }

  /** What the answer has to be; `made` is the id that a new subscription was given. */
  run(command: Command, made: string | undefined): Outcome {
    const { version, action, owner, collection, wants } = command;
    if (collection === "none") return "NOT_FOUND";
    const own = this.#live.filter((one) => one.owner === owner && one.collection === collection);
    const id = this.named(command);
    const found = own.find((one) => one.id === id);
    switch (action) {
      case "SUBSCRIBE": {
        const same = own.find((one) => JSON.stringify(one.wants) === JSON.stringify(wants));
        return [this.#told(same ?? this.#make({ owner, collection, wants, id: made ?? "?", status: "ACTIVE" }), version)];
      }
      case "UNSUBSCRIBE":
        this.#live = this.#live.filter((one) => one !== found);
        return [[id, version === "1.1" ? "UNSUBSCRIBED" : undefined]];
      case "PAUSE":
      case "RESUME":
        if (found === undefined) return "NOT_FOUND";
        found.status = action === "PAUSE" ? "PAUSED" : "ACTIVE";
        return [this.#told(found, version)];
      case "STATUS":
        if (version === "1.0") return own.filter(isSpokenIn10).map((one) => this.#told(one, version));
        if (!command.one) return own.map((one) => this.#told(one, version));
        return found === undefined ? "NOT_FOUND" : [this.#told(found, version)];
    }
  }

  #make(one: Modelled): Modelled {
    expect(this.ids).not.toContain(one.id);
    this.ids.push(one.id);
    this.#live.push(one);
    return one;
  }

  #told({ id, status }: Modelled, version: Command["version"]): readonly [string, string | undefined] {
    return [id, version === "1.1" ? status : undefined];
  }
}

function isSpokenIn10({ status, wants }: Modelled): boolean {
  return status === "ACTIVE" && !wants.countOnly && (wants.pushed || wants.binding === undefined);
}

async function ask(peers: Peers, { version, action, owner, collection, wants, one }: Command, id: string): Promise<Outcome> {
  const subscriptionId = action === "SUBSCRIBE" || (action === "STATUS" && !one) ? undefined : id;
  const subscribing = action === "SUBSCRIBE";
  if (version === "1.0") {
    const contentBindings = wants.binding === undefined ? [] : [wants.binding];
    const pushParameters = subscribing && wants.pushed ? { ...target, contentBindings } : undefined;
    const action10 = subscribing || action === "UNSUBSCRIBE" ? action : "STATUS";
    const request = create(Request10, { action: action10, feedName: collection, subscriptionId, pushParameters });
    const reply = await peers.ask10("/s", request, owner);
    if (reply.$type === "taxii10.StatusMessage") return reply.statusType;
    return as("taxii10.SubscriptionManagementResponse", reply).subscriptions.map((record) => [record.subscriptionId, undefined]);
  }
  const request = create(Request11, {
    action,
    collectionName: collection,
    subscriptionId,
    pushParameters: subscribing && wants.pushed ? target : undefined,
    subscriptionParameters: subscribing
      ? {
          responseType: wants.countOnly ? "COUNT_ONLY" : "FULL",
          contentBindings: wants.binding === undefined ? [] : [{ bindingId: wants.binding }],
        }
      : undefined,
  });
  const reply = await peers.ask("/s", request, owner);
  if (reply.$type === "taxii11.StatusMessage") return reply.statusType;
  return as("taxii11.SubscriptionManagementResponse", reply).subscriptions.map(({ subscriptionId: found, status }) => [found, status]);
}

test("the service does what the model does [SVC-SUB-004] [SVC-SUB-006] [SVC-SUB-007] [SVC-SUB-008] [SVC-SUB-012] [SVC-SUB-013] [SVC-SUB-014] [SVC-SUB-018] [SVC-SUB-024] [VER-X-006]", async () => {
  const everything = { permissions: { a: ["read"] as const, b: ["read"] as const } };
  await fc.assert(
    fc.asyncProperty(commands, async (all) => {
      const peers = await createPeers({
        services: [collectionManagement({ path: "/s" }), poll({ path: "/poll" })],
        collections: [{ name: "a" }, { name: "b" }],
        accounts: { ann: everything, bob: everything },
        server: { push },
      });
      const model = new Model();
      for (const command of all.map(spoken)) {
        const answered = await ask(peers, command, model.named(command));
        const made = typeof answered === "string" ? undefined : answered[0]?.[0];
        expect(answered).toEqual(model.run(command, made));
      }
    }),
    { numRuns: 60 },
  );
});
